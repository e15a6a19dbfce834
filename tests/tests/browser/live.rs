//! Live figures: they change without a reload, until Pause.

use std::time::Duration;

use examples::admin::seed::payment;
use serde_json::json;

use crate::chromium::in_a_tab;
use crate::service::Running;

/// Longer than two of the server's ticks.
const TWO_TICKS: Duration = Duration::from_millis(4_500);

const CALLS: &str = "document.querySelector('[data-live=\"calls-note\"]').textContent";

#[test]
fn figures_change_by_themselves_until_pause() {
    in_a_tab(async |tab| {
        let service = Running::start().await;
        service.as_viewer(tab).await;
        tab.open(&service.at("/")).await;
        tab.run("window.kept = true").await;
        let pay = async |key: &str| {
            let reply = service.ask(&payment("acme", key, "tok_ok")).await;
            assert_eq!(reply.status, 201);
        };
        assert!(
            tab.text("[data-live='calls-note']")
                .await
                .starts_with("0 in")
        );
        pay("live-1").await;
        tab.until(&format!("{CALLS}.startsWith('1 in')")).await;
        assert_eq!(tab.text("[data-live-state]").await, "Live");

        tab.click("[data-pause]").await;
        assert_eq!(tab.text("[data-pause]").await, "Resume");
        assert_eq!(tab.text("[data-live-state]").await, "Paused");
        pay("live-2").await;
        tokio::time::sleep(TWO_TICKS).await;
        assert!(
            tab.text("[data-live='calls-note']")
                .await
                .starts_with("1 in")
        );

        tab.click("[data-pause]").await;
        tab.until(&format!("{CALLS}.startsWith('2 in')")).await;
        assert_eq!(tab.run("window.kept").await, json!(true), "no reload");
    });
}
