//! A function returns a `Result`.

use idempotent_runtime::{Idempotency, idempotent};

#[idempotent(store = store, key = id)]
async fn charge(store: &Idempotency, id: &str) -> String {
    id.to_owned()
}

fn main() {}
