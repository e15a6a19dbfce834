//! A client as it should be: it sends a request again until the answer is
//! final, with the same key, to whichever instance there is.

use std::net::SocketAddr;
use std::time::Duration;

use examples::client::{Connection, Reply, Request};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::{answer::Answer, millis};

/// Whose payments they all are.
pub(crate) const ACCOUNT: &str = "acme";
/// Between two tries; shorter than what `Retry-After` asks for, so that it is
/// the lease that decides how long a key is held.
pub(crate) const PAUSE: Duration = millis(20);
/// Longer than anything here may take.
const PATIENCE: Duration = Duration::from_secs(40);

/// A payment whose reference is its key, so that the ledger tells its effects.
pub(crate) fn payment(key: &str, card: &str) -> Request {
    Request::post("/v1/payments")
        .account(ACCOUNT)
        .key(key)
        .json(&json!({ "amount": 1250, "currency": "EUR", "card": card, "reference": key }))
}

/// What became of one sending.
#[derive(Debug)]
pub(crate) enum Sent {
    /// The answer that all others of the key must equal.
    Final { answer: Answer, replayed: bool },
    /// The first attempt still runs.
    InFlight,
    /// 503, with a `Retry-After`.
    Unavailable,
    /// There was no connection: nothing was asked.
    NotConnected,
    /// It was sent, and the connection ended without an answer.
    Cut,
}

/// Sends it once.
///
/// # Panics
/// With an answer that is none of these.
pub(crate) async fn send(to: SocketAddr, request: &Request) -> Sent {
    let Ok(mut connection) = Connection::open(to).await else {
        return Sent::NotConnected;
    };
    match connection.ask(request).await {
        Ok(reply) => judge(&reply),
        Err(_) => Sent::Cut,
    }
}

fn judge(reply: &Reply) -> Sent {
    let told = |name| reply.header(name).is_some();
    match (reply.status, code(reply).as_str()) {
        (201 | 402, _) => Sent::Final {
            answer: Answer::of(reply),
            replayed: reply.is_replay(),
        },
        (409, "in-flight") if told("retry-after") => Sent::InFlight,
        (
            503,
            "store-unavailable" | "overloaded" | "books_unavailable" | "transaction-failed"
            | "commit-unknown",
        ) if told("retry-after") => Sent::Unavailable,
        _ => panic!("no client was promised this: {}", shown(reply)),
    }
}

/// The runtime's code, or the service's own.
fn code(reply: &Reply) -> String {
    match reply.json()["error"]["code"].as_str() {
        Some(code) => code.to_owned(),
        None => reply.code(),
    }
}

fn shown(reply: &Reply) -> String {
    let (head, body) = (&reply.head, &reply.body);
    format!(
        "{}{}",
        String::from_utf8_lossy(head),
        String::from_utf8_lossy(body)
    )
}

/// Sends it to one instance until the answer is final.
pub(crate) async fn settle(to: SocketAddr, request: &Request) -> (Answer, bool) {
    let started = Instant::now();
    loop {
        if let Sent::Final { answer, replayed } = send(to, request).await {
            return (answer, replayed);
        }
        still(started, request);
        sleep(PAUSE).await;
    }
}

/// Fails where a client has tried for too long.
pub(crate) fn still(started: Instant, request: &Request) {
    assert!(
        started.elapsed() < PATIENCE,
        "no final answer within {PATIENCE:?} to {request:?}"
    );
}

/// What the books show, by reference.
pub(crate) async fn ledger(of: SocketAddr) -> Value {
    let started = Instant::now();
    let request = Request::get("/v1/ledger");
    loop {
        let reply = examples::client::ask(of, &request).await;
        if let Ok(reply) = reply.as_ref()
            && reply.status == 200
        {
            return reply.json();
        }
        still(started, &request);
        sleep(PAUSE).await;
    }
}

/// The effects of a key.
pub(crate) fn effects(ledger: &Value, key: &str) -> u64 {
    ledger["by_reference"][key].as_u64().unwrap_or(0)
}
