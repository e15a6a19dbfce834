//! A fingerprint is taken of what serializes.

use idempotent_runtime::{Idempotency, idempotent};

struct Order;

#[idempotent(store = store, key = id, fingerprint = order)]
async fn charge(store: &Idempotency, id: &str, order: Order) -> Result<String, idempotent_runtime::Error> {
    let Order = order;
    Ok(id.to_owned())
}

fn main() {}
