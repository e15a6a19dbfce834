//! A rerun of a function, whose arguments are gone by then.

use idempotent_runtime::idempotent;

#[idempotent(store = store, key = id, rerun_safe_sample = 0.01)]
async fn pay(store: idempotent_runtime::Idempotency, id: u64) -> Result<u64, idempotent_runtime::Error> {
    drop(store);
    Ok(id)
}

fn main() {}
