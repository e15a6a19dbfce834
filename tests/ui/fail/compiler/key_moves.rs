//! An expression only borrows.

use idempotent_runtime::{Idempotency, idempotent};

#[idempotent(store = store, key = id.into_boxed_str())]
async fn charge(store: &Idempotency, id: String) -> Result<String, idempotent_runtime::Error> {
    Ok(id)
}

fn main() {}
