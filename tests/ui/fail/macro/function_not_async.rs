//! A function is async.

use idempotent_runtime::{Idempotency, idempotent};

#[idempotent(store = store, key = id)]
fn charge(store: &Idempotency, id: &str) -> Result<String, idempotent_runtime::Error> {
    let _ = store;
    Ok(id.to_owned())
}

fn main() {}
