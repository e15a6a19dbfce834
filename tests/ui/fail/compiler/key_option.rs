//! A missing key would be everybody's.

use idempotent_runtime::{Idempotency, idempotent};

#[idempotent(store = store, key = id)]
async fn charge(store: &Idempotency, id: Option<&str>) -> Result<String, idempotent_runtime::Error> {
    Ok(id.unwrap_or_default().to_owned())
}

fn main() {}
