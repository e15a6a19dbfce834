//! Every path of a call, on any store: healthy, and while it fails.

use std::sync::Mutex;

use axum::Router;
use axum::http::{Method, StatusCode};
use idempotent_runtime::{Idempotency, Key, Scope, Store};
use tests::{App, Ask, Work, millis, seconds};
use tokio::time::{sleep, timeout};

use crate::planted::{ACCOUNT, ANSWER, BODY, KEY, PANIC, QUERY};
use crate::seen::{Seen, log, watch};
use crate::service::routes;
use crate::verbs;

/// A service over a store, and what its callers were refused with.
pub(crate) struct Service {
    pub(crate) idempotency: Idempotency,
    work: Work,
    router: Router,
    refusals: Mutex<String>,
    errors: Mutex<String>,
}

impl Service {
    pub(crate) fn over(store: impl Store) -> Self {
        watch();
        let builder = Idempotency::builder(store).store_timeout(millis(500));
        Self::of(builder.build().expect("bounds"))
    }

    pub(crate) fn of(idempotency: Idempotency) -> Self {
        watch();
        let work = Work::default();
        let app = App {
            idempotency: idempotency.clone(),
            work: work.clone(),
        };
        Self {
            idempotency,
            work,
            router: routes().with_state(app),
            refusals: Mutex::default(),
            errors: Mutex::default(),
        }
    }

    /// The same with more routes.
    #[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
    pub(crate) fn and(mut self, routes: Router) -> Self {
        self.router = self.router.merge(routes);
        self
    }

    pub(crate) fn ask(&self, path: &str, key: usize) -> Ask {
        let uri = format!("{path}?q={QUERY}");
        let ask = Ask::new(self.router.clone(), Method::POST, &uri);
        ask.account(ACCOUNT).key(&format!("{KEY}-{key}")).body(BODY)
    }

    /// Sends it, and keeps what of its answer is ours.
    pub(crate) async fn send(&self, ask: Ask) -> StatusCode {
        let reply = ask.send().await;
        if reply.header("content-type") == Some("application/problem+json") {
            let shown = format!("{reply:?} {}\n", reply.text());
            self.refusals.lock().expect("no panic").push_str(&shown);
        }
        reply.status
    }

    /// What the store's own errors say.
    pub(crate) fn told(&self, errors: &str) {
        self.errors.lock().expect("no panic").push_str(errors);
    }

    /// The end of one's attempts, and no canary anywhere.
    pub(crate) fn shows_no_canary(&self, store: String) {
        let take = |text: &Mutex<String>| text.lock().expect("no panic").clone();
        Seen::of(&self.idempotency)
            .and("problem documents", take(&self.refusals))
            .and("errors of the store", take(&self.errors))
            .and("the store's Debug", store)
            .shows_no_canary();
    }

    /// All that calls do while nothing fails.
    pub(crate) async fn walk(&self) {
        self.work.answers(|_| ANSWER);
        for _ in 0..2 {
            self.send(self.ask("/pay", 0)).await; // executed, replayed
            self.send(self.ask("/checkout", 0)).await; // with a step
        }
        let other = self.ask("/pay", 0).body("canary-body-2");
        assert_eq!(self.send(other).await, 422);
        let bare = Ask::new(self.router.clone(), Method::POST, "/pay");
        self.send(bare.account(ACCOUNT).body(BODY)).await; // bypassed
        let bare = Ask::new(self.router.clone(), Method::POST, "/order");
        assert_eq!(self.send(bare.account(ACCOUNT)).await, 400);
        let malformed = self.ask("/pay", 0).key(&format!("\"{KEY}"));
        assert_eq!(self.send(malformed).await, 400);

        self.work.answers(|_| -> StatusCode { panic!("{PANIC}") });
        assert_eq!(self.send(self.ask("/pay", 1)).await, 500);
        self.work.answers(|_| (StatusCode::BAD_GATEWAY, ANSWER));
        self.send(self.ask("/pay", 1)).await; // taken over, and released
        self.work.answers(|_| ANSWER);

        self.work.takes(millis(300));
        for (path, expected) in [("/pay", 409), ("/order", 200)] {
            let ask = |ms| async move {
                sleep(millis(ms)).await;
                self.send(self.ask(path, 2)).await
            };
            let (_, second) = tokio::join!(ask(0), ask(100));
            assert_eq!(second, expected, "{path}");
        }
        let left = timeout(millis(100), self.ask("/pay", 3).send()).await;
        assert!(left.is_err(), "its client leaves");
        self.overtaken("/pay", "pay", 4).await;
        self.work.takes(millis(0));

        let elsewhere = self.ask("/pay", 0);
        self.send(elsewhere.account("canary-other")).await; // in another scope
        self.told(&verbs::asked(self.idempotency.store()).await);
        for event in [
            "executed",
            "replayed",
            "key reused",
            "released",
            "stale completion",
        ] {
            assert!(log().contains(event), "{event} was not logged");
        }
        assert!(!self.idempotency.findings().is_empty());
    }

    /// An operator ends an attempt's lease while its body runs, and another
    /// one takes over.
    pub(crate) async fn overtaken(&self, path: &str, operation: &'static str, key: usize) {
        let overtake = async {
            sleep(millis(100)).await;
            let scope = Scope::of(ACCOUNT).expect("a scope");
            let text = Key::new(format!("{KEY}-{key}")).expect("a key");
            let id = self.idempotency.record_id(operation, &scope, &text);
            let view = self.idempotency.inspect(&id).await.expect("a store");
            let view = view.expect("a record that runs");
            let store = self.idempotency.store();
            store.expire(&id, view.fence).await.expect("a store");
            self.send(self.ask(path, key)).await
        };
        let (first, second) = tokio::join!(self.send(self.ask(path, key)), overtake);
        assert!(first.is_success() || second.is_success());
    }

    /// Calls while the store fails: what they are refused with, what bodies
    /// that run meanwhile end with, and what the verbs say. `breaks` makes it
    /// fail, and `heals` may mend it.
    pub(crate) async fn walk_broken(
        &self,
        paths: &[&str],
        key: usize,
        breaks: impl AsyncFnOnce(),
        heals: impl AsyncFnOnce(),
    ) {
        self.work.takes(millis(400));
        self.work.answers(|_| ANSWER);
        let running = async {
            for (n, path) in paths.iter().enumerate() {
                // Its completion is tried for as long as its lease may live.
                let sent = self.send(self.ask(path, key + n));
                let _ = timeout(seconds(2), sent).await;
            }
        };
        let broken = async {
            sleep(millis(150)).await;
            breaks().await;
            let mut failed = false;
            for (n, path) in paths.iter().enumerate() {
                // Of records that are there, and of new ones.
                for key in [key + n, key + 50 + n] {
                    let sent = self.send(self.ask(path, key));
                    let status = timeout(seconds(2), sent).await;
                    failed |= status.is_ok_and(|status| status.is_server_error());
                }
            }
            let said = verbs::asked(self.idempotency.store()).await;
            failed |= said.lines().count() > 1;
            assert!(failed, "nothing failed from key {key} on");
            self.told(&said);
        };
        tokio::join!(running, broken);
        heals().await;
        self.work.takes(millis(0));
    }
}
