//! A starved lease: a body that blocks a runtime with a single thread for
//! longer than its lease, so that no heartbeat renews it. Another process takes
//! over, and both bodies reach their end. One of the two operations also
//! answers with a random number: the same fault shows that its answer drifts.

use std::error::Error;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use idempotent_runtime::idempotent;
use serde_json::json;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::Notify;

use crate::client::Request;
use crate::observed::app::{Account, App};
use crate::observed::world::World;

/// The lease of both, and a little more.
const PAST_THE_LEASE: Duration = Duration::from_millis(250);

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/ledger", post(enter))
        .route("/quotes", post(quote))
}

#[idempotent(scope = account.0, name = "ledger", lease = "200ms")]
async fn enter(account: Account, State(app): State<App>, Json(amount): Json<u64>) -> Json<u64> {
    let _ = account;
    app.starved.work();
    Json(amount)
}

#[idempotent(scope = account.0, name = "quotes", lease = "200ms")]
async fn quote(account: Account, State(app): State<App>, Json(amount): Json<u64>) -> Json<u64> {
    let _ = account;
    app.starved.work();
    Json(amount + u64::from(getrandom::u32().unwrap_or_default()))
}

/// Lets the traffic see where the blocked body is, so that no run depends on
/// how fast the machine is.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    blocked: Notify,
    open: AtomicBool,
}

impl Gate {
    /// What the bodies do: on a runtime with a single thread they block it, as
    /// a synchronous driver or a long computation would.
    fn work(&self) {
        if Handle::current().runtime_flavor() != RuntimeFlavor::CurrentThread {
            return;
        }
        self.blocked.notify_one();
        while !self.open.swap(false, SeqCst) {
            thread::sleep(Duration::from_millis(5));
        }
    }
}

pub(crate) async fn traffic(world: &World) -> Result<(), Box<dyn Error>> {
    for path in ["/ledger", "/quotes"] {
        let request = Request::post(path)
            .account("acme")
            .key(&world.key("starved"))
            .json(&json!(world.round()));
        let blocked = world.ask_one_thread(request.clone());
        let retry = async {
            let gate = &world.app.starved;
            gate.blocked.notified().await;
            tokio::time::sleep(PAST_THE_LEASE).await;
            let retry = world.ask(&request).await;
            gate.open.store(true, SeqCst);
            retry
        };
        let (blocked, retry) = tokio::join!(blocked, retry);
        // Both callers get one answer: the winner's.
        let (blocked, retry) = (blocked?, retry?);
        assert_eq!((blocked.status, retry.status), (200, 200));
        assert_eq!(blocked.body, retry.body);
    }
    Ok(())
}
