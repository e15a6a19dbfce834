//! A key made here protects nothing.

use idempotent_runtime::{Idempotency, idempotent};

#[idempotent(store = store, key = Uuid::new_v4())]
async fn charge(store: &Idempotency, id: &str) -> Result<String, idempotent_runtime::Error> {
    let _ = store;
    Ok(id.to_owned())
}

fn main() {}
