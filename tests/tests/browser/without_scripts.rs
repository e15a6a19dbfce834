//! A browser that runs no scripts: every page is whole, and every form works.

use examples::admin::seed;

use crate::chromium::in_a_tab;
use crate::lookup::look_up;
use crate::service::Running;

#[test]
fn look_up_list_and_action_work_without_scripts() {
    in_a_tab(async |tab| {
        let service = Running::with_seeds().await;
        service.as_operator(tab).await;
        tab.without_scripts().await;
        tab.open(&service.at("/")).await;
        let tools = tab.find("[data-live-tools]").await;
        assert!(
            !tools.is_displayed().await.expect("an element"),
            "no dead button"
        );
        tab.follow(".refresh > a").await;
        look_up(tab, seed::OPERATION, "acme", "order-1001").await;
        assert_eq!(tab.text(".tag.large").await, "Done");
        tab.follow("a.button.danger").await;
        tab.follow("button.danger.sure").await;
        assert!(tab.text("main").await.contains("The record is forgotten"));
        tab.open(&service.at("/records")).await;
        tab.follow("a[rel='next']").await;
        assert!(!tab.texts("tbody th a").await.is_empty());
    });
}
