//! Knobs of handlers.

use idempotent_runtime::{Idempotency, idempotent};

#[idempotent(store = store, key = id, header = "X-Key", required = false, state = App)]
async fn charge(store: &Idempotency, id: &str) -> Result<String, idempotent_runtime::Error> {
    let _ = store;
    Ok(id.to_owned())
}

fn main() {}
