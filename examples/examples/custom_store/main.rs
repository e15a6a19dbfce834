//! A store of one's own: `cargo run --example custom_store`.
//!
//! `store.rs` is all that it takes. This program runs the library's suite on it,
//! prints the table, and then uses the store.

mod kv;
mod store;

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use idempotent_runtime::{Error, Idempotency, conformance, idempotent};
use tokio::task::JoinSet;

use crate::kv::Kv;
use crate::store::KvStore;

static EFFECTS: AtomicU64 = AtomicU64::new(0);

#[idempotent(store = idempotency, key = order, on_conflict = wait("5s"), name = "orders.ship")]
async fn ship(idempotency: &Idempotency, order: &str) -> Result<String, Error> {
    tokio::task::yield_now().await;
    Ok(format!(
        "{order} is shipment {}",
        EFFECTS.fetch_add(1, SeqCst) + 1
    ))
}

// The store's clock is tokio's, so it can be checked in paused time: no machine
// is too slow for it.
#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let report = conformance::check(KvStore(Kv::new())).await;
    report.assert_passed();

    let idempotency = Idempotency::new(KvStore(Kv::new()));
    let mut calls = JoinSet::new();
    for _ in 0..20 {
        let idempotency = idempotency.clone();
        calls.spawn(async move { ship(&idempotency, "order-1").await });
    }
    while let Some(call) = calls.join_next().await {
        assert_eq!(call??, "order-1 is shipment 1");
    }
    let effects = EFFECTS.load(SeqCst);
    assert_eq!(effects, 1);
    println!(
        "\nok: {} cases passed; 20 calls at once, {effects} effect",
        report.passed()
    );
    Ok(())
}

/// An outsider's test of a store.
#[tokio::test(start_paused = true)]
async fn keeps_every_promise() {
    let report = conformance::check(KvStore(Kv::new())).await;
    report.assert_passed();
}
