//! One key is found by its operation, scope and key, and the key stands in no
//! address on the way.

use examples::admin::seed;
use serde_json::json;

use crate::chromium::in_a_tab;
use crate::service::seeded;
use crate::tab::Tab;

/// Fills the form, and sends it.
pub(crate) async fn look_up(tab: &Tab, operation: &str, scope: &str, key: &str) {
    tab.fill("#operation", operation).await;
    tab.fill("#scope", scope).await;
    tab.fill("#key", key).await;
    tab.follow("form.lookup button").await;
}

#[test]
fn a_key_is_found_and_stands_in_no_address() {
    in_a_tab(async |tab| {
        let service = seeded().await;
        service.as_viewer(tab).await;
        tab.open(&service.at("/")).await;
        // As the client sent it, in quotes, or without.
        for key in ["\"order-1001\"", "order-1001"] {
            look_up(tab, seed::OPERATION, "acme", key).await;
            let id = service.record("acme", "order-1001");
            let there = tab.address().await;
            assert!(there.contains(&format!("/records/{id}")), "{there}");
            assert!(!there.contains("order-1001"), "{there}");
            let came_from = tab.run("document.referrer").await;
            assert_eq!(came_from, json!(""));
            assert_eq!(tab.text(".tag.large").await, "Done");
            tab.follow("a.brand").await;
        }
    });
}

#[test]
fn what_is_not_there_and_what_cannot_be_is_said_in_words() {
    in_a_tab(async |tab| {
        let service = seeded().await;
        service.as_viewer(tab).await;
        tab.open(&service.at("/")).await;
        look_up(tab, seed::OPERATION, "acme", "order-9999").await;
        assert_eq!(tab.text("h1").await, "No record");
        let words = tab.text("main").await;
        assert!(
            words.contains("kept for 24 h") || words.contains("kept for 1 d"),
            "{words}"
        );

        tab.follow("a.brand").await;
        look_up(tab, seed::OPERATION, "", "order-1001").await;
        let field = tab.find("#scope[aria-invalid='true']").await;
        let says = field.attr("aria-describedby").await.expect("an attribute");
        assert!(says.expect("a value").contains("scope-error"));
        assert!(tab.text("#scope-error").await.contains("whose is it?"));
        // What was typed is still there.
        assert_eq!(
            tab.run("document.querySelector('#key').value").await,
            json!("order-1001")
        );
    });
}
