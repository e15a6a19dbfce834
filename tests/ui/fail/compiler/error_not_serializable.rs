//! With `persist = all` an error is an answer.

use idempotent_runtime::{Idempotency, idempotent};

#[idempotent(store = store, key = id, persist = all)]
async fn charge(store: &Idempotency, id: &str) -> Result<String, idempotent_runtime::Error> {
    Ok(id.to_owned())
}

fn main() {}
