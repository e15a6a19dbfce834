//! All forms of a generic function share their keys.

use idempotent_runtime::{Idempotency, idempotent};

#[idempotent(store = store, key = id)]
async fn charge<T: ToString>(store: &Idempotency, id: T) -> Result<String, idempotent_runtime::Error> {
    let _ = store;
    Ok(id.to_string())
}

fn main() {}
