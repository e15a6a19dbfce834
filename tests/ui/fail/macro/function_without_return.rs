//! A function has an answer.

use idempotent_runtime::{Idempotency, idempotent};

#[idempotent(store = store, key = id)]
async fn charge(store: &Idempotency, id: &str) {
    let _ = (store, id);
}

fn main() {}
