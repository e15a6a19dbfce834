//! A replay from the near cache, over a database that it spares, against one
//! from the memory store.

use std::sync::Arc;

use idempotent_runtime::store::Cached;
use idempotent_runtime::{Error, Idempotency, MemoryStore, PostgresStore, idempotent};

use super::race::{Aim, Contender};
use super::records::{AnyStore, Finished, retries};
use super::report::Report;
use crate::handler::{Payment, new_payment, settle};

const BYTES: usize = 64 << 20;
const KEYS: u64 = 1_000;

/// The table: the store's verb alone, and a whole call of a function.
pub async fn measure(report: &mut Report, url: &str) {
    let database = PostgresStore::connect(url).await.expect("a store");
    database.migrate().await.expect("a table of records");
    let memory: AnyStore = Arc::new(MemoryStore::new());
    let cached: AnyStore = Arc::new(Cached::new(database.clone(), BYTES));
    let in_memory = Finished::make(&*memory).await;
    let in_cache = Finished::make(&*cached).await;

    let near = Idempotency::builder(database).near_cache(BYTES).build();
    let near = near.expect("durations within bounds");
    let contenders = [
        retries("memory store, claim", &[memory], &in_memory),
        retries("near cache, claim", &[cached], &in_cache).aim(Aim::AtMost(1.2)),
        calls("memory store, call", Idempotency::in_memory())
            .await
            .against("memory store, call"),
        calls("near cache, call", near)
            .await
            .against("memory store, call")
            .aim(Aim::AtMost(1.2)),
    ];
    report
        .race_in_memory("near cache, replays", &contenders)
        .await;
}

#[idempotent(store = idempotency, key = key)]
async fn pay(idempotency: &Idempotency, key: u64) -> Result<Payment, Error> {
    Ok(settle(new_payment()))
}

/// Replays through a function's attribute.
async fn calls(name: &str, idempotency: Idempotency) -> Contender {
    for key in 0..KEYS {
        pay(&idempotency, key).await.expect("it pays");
    }
    Contender::new(name, move |_, mut pace| {
        let idempotency = idempotency.clone();
        async move {
            pace.begin().await;
            let mut key = 0;
            while pace.go_on() {
                key = (key + 1) % KEYS;
                let paid = pay(&idempotency, key).await;
                std::hint::black_box(paid.expect("it replays"));
            }
            pace
        }
    })
}
