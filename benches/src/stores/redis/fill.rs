//! Fills a database of its own: one record by our verbs, the others as copies
//! of its value.

use std::sync::Arc;

use idempotent_runtime::RedisStore;
use idempotent_runtime::record::RecordId;

use crate::stores::growth::{Filled, SAMPLE};
use crate::stores::records::{Finished, claim_and_complete, fresh};

/// Copies sent at once.
const TOGETHER: u64 = 1_000;
/// What our store puts before its keys.
const PREFIX: &str = "idem:";
const A_DAY: u64 = 24 * 3600 * 1000;

/// A store of so many finished records, in the database of that number.
pub async fn with(url: &str, database: usize, records: u64) -> Filled {
    let url = format!("{}/{database}", url.trim_end_matches('/'));
    let store = RedisStore::connect(&url).await.expect("a store");
    let client = redis::Client::open(url).expect("a URL");
    let mut line = super::connection(&client).await;
    let first = fresh();
    claim_and_complete(&store, first).await;
    let value: redis::RedisResult<Vec<u8>> = redis::cmd("GET")
        .arg(key(&first))
        .query_async(&mut line)
        .await;
    let value = value.expect("its value");
    assert!(value.len() > 300, "a record is kept under its id in hex");
    let mut sample = vec![first];
    let step = (records / SAMPLE as u64).max(1);
    for batch in (1..records).step_by(TOGETHER as usize) {
        let mut copies = redis::pipe();
        for number in batch..(batch + TOGETHER).min(records) {
            let id = fresh();
            copies
                .cmd("SET")
                .arg(key(&id))
                .arg(&value)
                .arg("PX")
                .arg(A_DAY)
                .ignore();
            if number % step == 0 {
                sample.push(id);
            }
        }
        copies.exec_async(&mut line).await.expect("copies");
    }
    Filled {
        records,
        store: Arc::new(store),
        sample: Finished::of(sample),
    }
}

fn key(id: &RecordId) -> String {
    format!("{PREFIX}{id}")
}
