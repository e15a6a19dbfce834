//! `store` is an `Idempotency`.

use idempotent_runtime::idempotent;

#[idempotent(store = store, key = id)]
async fn charge(store: &str, id: &str) -> Result<String, idempotent_runtime::Error> {
    Ok(id.to_owned())
}

fn main() {}
