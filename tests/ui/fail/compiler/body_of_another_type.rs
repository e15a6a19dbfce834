//! A wrong body is reported in the body.

use idempotent_runtime::{Idempotency, idempotent};

#[idempotent(store = store, key = id)]
async fn charge(store: &Idempotency, id: &str) -> Result<String, idempotent_runtime::Error> {
    Ok(id.len())
}

fn main() {}
