//! One worker process: it takes one order through the checkout, over records
//! in a SQLite file. It stops at a point where it is to be killed.

use std::net::SocketAddr;
use std::path::Path;

use examples::client::{Request, ask};
use idempotent_runtime::{Attempt, Idempotency, SqliteStore, idempotent};
use serde_json::json;

use super::Failure;

/// A point on the way of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Point {
    Claimed,
    Charged,
    ChargeRecorded,
    Reserved,
    ReserveRecorded,
    Mailed,
    MailRecorded,
}

impl Point {
    pub(crate) const ALL: [Self; 7] = [
        Self::Claimed,
        Self::Charged,
        Self::ChargeRecorded,
        Self::Reserved,
        Self::ReserveRecorded,
        Self::Mailed,
        Self::MailRecorded,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Claimed => "claimed",
            Self::Charged => "charged",
            Self::ChargeRecorded => "charge-recorded",
            Self::Reserved => "reserved",
            Self::ReserveRecorded => "reserve-recorded",
            Self::Mailed => "mailed",
            Self::MailRecorded => "mail-recorded",
        }
    }

    pub(crate) fn named(name: &str) -> Result<Self, Failure> {
        let found = Self::ALL.into_iter().find(|point| point.name() == name);
        found.ok_or_else(|| format!("no point is named {name:?}").into())
    }

    /// After the effect of a service, before the record of it.
    pub(crate) fn done(service: &str) -> Self {
        match service {
            "charge" => Self::Charged,
            "reserve" => Self::Reserved,
            _ => Self::Mailed,
        }
    }
}

/// What ends an order without an answer: a later delivery takes it up.
#[derive(Debug, thiserror::Error)]
enum CheckoutError {
    #[error("{0}")]
    Idempotency(#[from] idempotent_runtime::Error),
    #[error("the service gave no answer: {0}")]
    Service(#[from] std::io::Error),
}

struct Worker {
    idempotency: Idempotency,
    services: SocketAddr,
    stop: Option<Point>,
}

pub(crate) async fn run(
    store: &str,
    services: SocketAddr,
    order: &str,
    stop: Option<Point>,
) -> Result<(), Failure> {
    let store = SqliteStore::connect(&format!("sqlite:{}", Path::new(store).display())).await?;
    store.migrate().await?;
    let worker = Worker {
        idempotency: Idempotency::new(store),
        services,
        stop,
    };
    let answer = worker.checkout(order, 500).await?;
    println!("{answer}");
    Ok(())
}

impl Worker {
    /// A short lease, so that a dead worker's order is soon taken up: until
    /// then its next delivery waits.
    #[idempotent(
        store = self.idempotency, key = order, fingerprint = amount, name = "checkout",
        lease = "1s", on_conflict = wait("30s"),
    )]
    async fn checkout(&self, order: &str, amount: u64) -> Result<String, CheckoutError> {
        let attempt = Attempt::current().unwrap_or_default();
        self.reach(Point::Claimed).await;
        let charge = attempt
            .step("charge", || self.effect(&attempt, "charge", order))
            .await?;
        self.reach(Point::ChargeRecorded).await;
        let parcel = attempt
            .step("reserve", || self.effect(&attempt, "reserve", order))
            .await?;
        self.reach(Point::ReserveRecorded).await;
        let mail = attempt
            .step("mail", || self.effect(&attempt, "mail", order))
            .await?;
        self.reach(Point::MailRecorded).await;
        Ok(format!("{amount}: {charge}, {parcel}, {mail}"))
    }

    /// One effect of a service, under the attempt's child key.
    async fn effect(
        &self,
        attempt: &Attempt,
        service: &str,
        order: &str,
    ) -> Result<String, CheckoutError> {
        let mut request = Request::post(&format!("/{service}"));
        if let Some(key) = attempt.child_key(service) {
            request = request.key(key.as_str());
        }
        let reply = ask(self.services, &request.json(&json!({ "order": order }))).await?;
        self.reach(Point::done(service)).await;
        Ok(String::from_utf8_lossy(&reply.body).into_owned())
    }

    /// Says that it is there, and waits for its end, if this is the point.
    async fn reach(&self, point: Point) {
        if self.stop == Some(point) {
            println!("at {}", point.name());
            std::future::pending::<()>().await;
        }
    }
}
