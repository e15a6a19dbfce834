//! A function names its key.

use idempotent_runtime::{Idempotency, idempotent};

#[idempotent(store = store)]
async fn charge(store: &Idempotency, id: &str) -> Result<String, idempotent_runtime::Error> {
    let _ = store;
    Ok(id.to_owned())
}

fn main() {}
