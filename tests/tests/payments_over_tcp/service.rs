//! A service on a free port, and how it is asked.

use std::net::SocketAddr;
use std::time::Duration;

use examples::client::{self, Reply, Request};
use examples::payments::{Flags, Mode, Service as Payments};
use idempotent_runtime::{Idempotency, IdempotencyBuilder};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

use crate::place;

/// Which store the service is to run on; the memory store by default.
pub(crate) const STORE: &str = "IDEMPOTENT_TEST_STORE";

/// In which mode; with leases by default.
pub(crate) const MODE: &str = "IDEMPOTENT_TEST_MODE";

pub(crate) struct Service {
    pub(crate) address: SocketAddr,
    pub(crate) mode: Mode,
    pub(crate) idempotency: Idempotency,
    stop: oneshot::Sender<()>,
    served: JoinHandle<std::io::Result<usize>>,
}

impl Service {
    /// With the defaults.
    pub(crate) async fn start() -> Self {
        Self::tuned(|_| {}, |builder| builder).await
    }

    /// With flags, and with bounds that are no flags.
    pub(crate) async fn tuned(
        flag: impl FnOnce(&mut Flags),
        tune: impl FnOnce(IdempotencyBuilder) -> IdempotencyBuilder,
    ) -> Self {
        let mut flags = Flags::default();
        if let Ok(store) = std::env::var(STORE) {
            let store = place::of_its_own(&store).await;
            flags.store = store.parse().expect("a store that this build has");
        }
        if let Ok(mode) = std::env::var(MODE) {
            flags.mode = mode.parse().expect("a mode");
        }
        flag(&mut flags);
        let mode = flags.mode;
        let payments = Payments::open_tuned(&flags, tune);
        let payments = payments.await.expect("a service that starts");
        let idempotency = payments.idempotency().clone();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel();
        let served = payments.serve(listener, async {
            // Also when the test ends and drops the other half.
            let _ = stopped.await;
        });
        Self {
            address,
            mode,
            idempotency,
            stop,
            served: tokio::spawn(served),
        }
    }

    pub(crate) async fn ask(&self, request: &Request) -> Reply {
        client::ask(self.address, request).await.expect("an answer")
    }

    /// The same request, so many times, all at once.
    pub(crate) async fn ask_at_once(&self, request: &Request, copies: usize) -> Vec<Reply> {
        let mut asked = JoinSet::new();
        for _ in 0..copies {
            let (address, request) = (self.address, request.clone());
            asked.spawn(async move { client::ask(address, &request).await.expect("an answer") });
        }
        asked.join_all().await
    }

    /// Sends it, and hangs up after `patience`.
    pub(crate) async fn leave(&self, request: &Request, patience: Duration) {
        let sent = client::hang_up_after(self.address, request, patience);
        sent.await.expect("a request that was sent");
    }

    /// Retries until there is an answer; see [`settle`].
    pub(crate) async fn settled(&self, request: &Request) -> Reply {
        settle(self.address, request.clone()).await
    }

    /// How often the effect was reached under this reference.
    pub(crate) async fn effects(&self, reference: &str) -> u64 {
        self.ledger().await["by_reference"][reference]
            .as_u64()
            .unwrap_or(0)
    }

    pub(crate) async fn ledger(&self) -> Value {
        self.ask(&Request::get("/v1/ledger")).await.json()
    }

    /// What is in the books of so many effects whose attempt failed, or was
    /// refused: nothing, where the effect shares the answer's transaction.
    pub(crate) fn left_of(&self, failed: u64) -> u64 {
        match self.mode {
            Mode::Lease => failed,
            Mode::Transactional => 0,
        }
    }

    /// Stops the service; how many attempts were cut off.
    pub(crate) async fn stop(self) -> usize {
        self.stop.send(()).expect("a service that runs");
        let served = self.served.await.expect("a service that does not panic");
        served.expect("a service that ends well")
    }
}

/// Retries while the first attempt runs, or there is no place or store for one.
pub(crate) async fn settle(service: SocketAddr, request: Request) -> Reply {
    for _ in 0..1_000 {
        let reply = client::ask(service, &request).await.expect("an answer");
        match reply.code().as_str() {
            "in-flight" | "overloaded" | "store-unavailable" => {
                tokio::time::sleep(millis(20)).await;
            }
            _ => return reply,
        }
    }
    panic!("no answer to {request:?}, however often it was sent");
}

/// A payment by the account `acme`, under this reference.
pub(crate) fn payment(card: &str, reference: &str) -> Request {
    body(&json!({ "amount": 1250, "currency": "EUR", "card": card, "reference": reference }))
        .account("acme")
}

/// A payment by nobody yet.
pub(crate) fn body(body: &Value) -> Request {
    Request::post("/v1/payments").json(body)
}

/// A refund of a payment of `acme`.
pub(crate) fn refund(payment: &Reply, amount: u32) -> Request {
    let id = payment.json()["id"].clone();
    let id = id
        .as_str()
        .unwrap_or_else(|| panic!("no payment: {payment:?}"));
    Request::post(&format!("/v1/payments/{id}/refunds"))
        .account("acme")
        .json(&json!({ "amount": amount }))
}

pub(crate) const fn millis(n: u64) -> Duration {
    Duration::from_millis(n)
}
