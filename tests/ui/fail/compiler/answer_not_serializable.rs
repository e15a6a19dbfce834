//! An answer that cannot be stored.

use idempotent_runtime::{Idempotency, idempotent};

struct Receipt;

#[idempotent(store = store, key = id)]
async fn charge(store: &Idempotency, id: &str) -> Result<Receipt, idempotent_runtime::Error> {
    Ok(Receipt)
}

fn main() {}
