//! Findings: what the detectors say of clients and code that go wrong.

use std::net::SocketAddr;
use std::time::Duration;

use idempotent_runtime::Idempotency;
use serde_json::json;
use tokio::time::sleep;

use super::{Failed, payment, record};
use crate::client::{Request, ask};

pub(super) async fn planted(address: SocketAddr, idempotency: &Idempotency) -> Result<(), Failed> {
    unprotected(address).await?;
    in_two_scopes(address).await?;
    run_twice(address, idempotency).await
}

/// A client sends a key to a route that knows none.
async fn unprotected(address: SocketAddr) -> Result<(), Failed> {
    let note = Request::post("/v1/notes")
        .account("acme")
        .key("\"note-1\"")
        .json(&json!({ "text": "call back" }));
    for _ in 0..2 {
        ask(address, &note).await?;
    }
    Ok(())
}

/// Two accounts send one key, which is long enough to be unique.
async fn in_two_scopes(address: SocketAddr) -> Result<(), Failed> {
    for account in ["bolt", "cafe"] {
        let key = "3f1a52c4-9d06-4b7e-8f21-6e0c5a94d7b3";
        ask(address, &payment(account, key, "tok_ok")).await?;
    }
    Ok(())
}

/// A payment hangs, its lease is ended as an operator would, the client tries
/// again, and then the first one wakes up and ends too: the page warns of it.
async fn run_twice(address: SocketAddr, idempotency: &Idempotency) -> Result<(), Failed> {
    let slow = payment("bolt", "order-7001", "tok_slow:600");
    let first = {
        let slow = slow.clone();
        tokio::spawn(async move { ask(address, &slow).await })
    };
    let (id, _) = record(idempotency, "bolt", "order-7001")?;
    sleep(Duration::from_millis(100)).await;
    if let Some(view) = idempotency.inspect(&id).await? {
        idempotency.store().expire(&id, view.fence).await?;
        ask(address, &slow).await?;
    }
    first.await??;
    Ok(())
}
