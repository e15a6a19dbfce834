//! Actions: done from a form of the page by who may, and by nobody else, in no
//! other way.

use examples::admin::seed::payment;
use idempotent_runtime::outcome::Operated;
use idempotent_runtime::record::{RecordView, State};
use serde_json::{Value, json};

use crate::chromium::in_a_tab;
use crate::service::{Running, seeded};
use crate::tab::Tab;

const SURE: &str = "button.danger.sure";

#[test]
fn a_lease_is_ended_and_the_next_retry_takes_over() {
    in_a_tab(async |tab| {
        let service = Running::with_seeds().await;
        service.as_operator(tab).await;
        let before = service.view("acme", "order-6001").await.expect("a record");
        assert!(matches!(before.state, State::Running { .. }));
        tab.open(&service.at(&format!("/records/{}", before.id)))
            .await;
        tab.follow("a.button.danger").await;
        let words = tab.text("main").await;
        assert!(words.contains("The body may run twice."), "{words}");
        tab.follow(SURE).await;
        let said = tab.text("[role='status']").await;
        assert!(said.contains("The lease is ended"), "{said}");
        let after = service.view("acme", "order-6001").await.expect("a record");
        assert_eq!((after.state, after.fence), (State::Stuck, before.fence));

        // The client's retry, which a test does not wait an hour for.
        let retry = payment("acme", "order-6001", "tok_slow:3600000");
        let address = service.address;
        let retry = tokio::spawn(async move { examples::client::ask(address, &retry).await });
        tab.until_reloaded("document.querySelector('.tag.large').textContent === 'Running'")
            .await;
        let taken = service.view("acme", "order-6001").await.expect("a record");
        assert!(taken.fence > before.fence);
        retry.abort();
    });
}

#[test]
fn a_record_is_forgotten_and_its_key_runs_again() {
    in_a_tab(async |tab| {
        let service = Running::with_seeds().await;
        service.as_operator(tab).await;
        let id = service.record("acme", "order-1001");
        let again = payment("acme", "order-1001", "tok_ok");
        assert!(service.ask(&again).await.is_replay());
        tab.open(&service.at(&format!("/records/{id}"))).await;
        tab.follow("a.button.danger").await;
        tab.follow(SURE).await;
        assert_eq!(tab.text("h1").await, "No record");
        assert!(tab.text("main").await.contains("The record is forgotten"));
        let reply = service.ask(&again).await;
        assert_eq!((reply.status, reply.is_replay()), (201, false));
    });
}

#[test]
fn a_form_of_an_attempt_that_has_moved_on_does_nothing() {
    in_a_tab(async |tab| {
        let service = Running::with_seeds().await;
        service.as_operator(tab).await;
        let view = service.view("acme", "order-6001").await.expect("a record");
        tab.open(&service.at(&format!("/records/{}/end-lease", view.id)))
            .await;
        // While somebody reads the warning, another ends the lease, and a retry
        // takes over.
        let store = service.idempotency.store();
        let ended = store.expire(&view.id, view.fence).await;
        assert_eq!(ended.expect("a store"), Operated::Applied);
        let retry = service.claim_again(&view).await;
        tab.follow(SURE).await;
        assert_eq!(tab.text("h1").await, "The record has moved on");
        let after = service.view("acme", "order-6001").await.expect("a record");
        assert_eq!(after.fence, retry);
        assert!(matches!(after.state, State::Running { .. }));
    });
}

#[test]
fn without_its_token_a_form_does_nothing() {
    in_a_tab(async |tab| {
        let service = seeded().await;
        service.as_operator(tab).await;
        let view = service.view("acme", "order-1004").await.expect("a record");
        tab.open(&service.at(&format!("/records/{}/forget", view.id)))
            .await;
        for spoil in ["it.remove()", "it.value = ''", "it.value = '0'.repeat(64)"] {
            tab.run(&format!(
                "{{ const it = document.querySelector('[name=token]'); {spoil} }}"
            ))
            .await;
            tab.follow(SURE).await;
            assert_eq!(tab.text("h1").await, "The form is too old", "{spoil}");
            tab.open(&service.at(&format!("/records/{}/forget", view.id)))
                .await;
        }
        // A token of another record is none for this one.
        let other = service.record("acme", "order-1007");
        let spoil = format!(
            "document.querySelector('main form').action = '{}'",
            service.at(&format!("/records/{other}/forget"))
        );
        tab.run(&spoil).await;
        tab.follow(SURE).await;
        assert_eq!(tab.text("h1").await, "The form is too old");
        for key in ["order-1004", "order-1007"] {
            let after = service.view("acme", key).await.expect("still there");
            assert_eq!(after.state, State::Done);
        }
    });
}

#[test]
fn who_may_only_look_is_offered_nothing_and_gets_nothing() {
    in_a_tab(async |tab| {
        let service = seeded().await;
        service.as_viewer(tab).await;
        let id = service.record("acme", "order-1010");
        tab.open(&service.at(&format!("/records/{id}"))).await;
        assert!(!tab.has("form[method='post'], a.danger").await);
        let shown = tab.text("main").await;
        assert!(shown.contains("it needs a permission"), "{shown}");
        tab.open(&service.at(&format!("/records/{id}/forget")))
            .await;
        assert_eq!(tab.text("h1").await, "You may only read");
        let sent = format!(
            "fetch('{}', {{ method: 'POST', body: new URLSearchParams({{ fence: '1', token: 'x' }}) }}).then(it => it.status)",
            service.at(&format!("/records/{id}/forget"))
        );
        assert_eq!(tab.run(&sent).await, json!(403));
        assert!(service.view("acme", "order-1010").await.is_some());
    });
}

#[test]
fn a_finding_is_dismissed() {
    in_a_tab(async |tab| {
        let service = Running::with_seeds().await;
        service.as_operator(tab).await;
        tab.open(&service.at("/findings")).await;
        let before = tab.texts("tbody th a").await.len();
        tab.follow("tbody th a").await;
        tab.follow("main form button").await;
        assert!(tab.text("[role='status']").await.contains("dismissed"));
        assert_eq!(tab.texts("tbody th a").await.len(), before - 1);
    });
}

impl Tab {
    /// Loads the page again until an expression is true of it.
    async fn until_reloaded(&self, expression: &str) {
        for _ in 0..100 {
            if self.run(expression).await == Value::Bool(true) {
                return;
            }
            let address = self.address().await;
            self.open(&address).await;
        }
        panic!("never: {expression}");
    }
}

impl Running {
    pub(crate) async fn view(&self, account: &str, key: &str) -> Option<RecordView> {
        let id = self.record(account, key);
        self.idempotency.inspect(&id).await.expect("a store")
    }
}
