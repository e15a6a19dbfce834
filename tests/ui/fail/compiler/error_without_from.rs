//! The error takes up the store's.

use idempotent_runtime::{Idempotency, idempotent};

struct Refused;

#[idempotent(store = store, key = id)]
async fn charge(store: &Idempotency, id: &str) -> Result<String, Refused> {
    Ok(id.to_owned())
}

fn main() {}
