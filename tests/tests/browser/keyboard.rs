//! Everything can be done with Tab, Enter and letters.

use examples::admin::seed;
use serde_json::json;
use thirtyfour::Key;

use crate::chromium::in_a_tab;
use crate::service::{Running, seeded};

#[test]
fn look_up_and_action_by_keyboard_alone() {
    in_a_tab(async |tab| {
        let service = Running::with_seeds().await;
        service.as_operator(tab).await;
        tab.open(&service.at("/")).await;
        // The first stop leads past the navigation.
        tab.press(Key::Tab + "").await;
        assert_eq!(
            tab.run("document.activeElement.className").await,
            json!("skip")
        );
        tab.press(Key::Enter + "").await;
        assert_eq!(tab.run("document.activeElement.id").await, json!("main"));

        for (field, text) in [
            ("#operation", seed::OPERATION),
            ("#scope", "acme"),
            ("#key", "order-6001"),
        ] {
            tab.tab_to(field).await;
            tab.press(text).await;
        }
        tab.press(Key::Escape + "").await; // the list of operations, if it is open
        tab.enter().await;
        assert_eq!(tab.text(".tag.large").await, "Running");

        tab.tab_to("a.button.danger").await;
        assert!(tab.shows_focus().await);
        tab.enter().await;
        tab.tab_to("button.danger.sure").await;
        assert!(tab.shows_focus().await);
        tab.enter().await;
        assert!(
            tab.text("[role='status']")
                .await
                .contains("The lease is ended")
        );
    });
}

#[test]
fn the_list_by_keyboard_alone() {
    in_a_tab(async |tab| {
        let service = seeded().await;
        service.as_viewer(tab).await;
        tab.open(&service.at("/")).await;
        tab.tab_to("nav a[href$='/records']").await;
        tab.enter().await;
        tab.tab_to("#state").await;
        tab.press("Stuck").await;
        tab.tab_to("form.filter button").await;
        tab.enter().await;
        assert!(tab.address().await.contains("state=stuck"));
        assert_eq!(tab.texts("tbody th a").await.len(), 3);
        tab.tab_to("tbody th a").await;
        assert!(tab.shows_focus().await);
        tab.enter().await;
        assert_eq!(tab.text(".tag.large").await, "Stuck");
    });
}
