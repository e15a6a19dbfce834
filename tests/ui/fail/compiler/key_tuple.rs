//! A key is one text.

use idempotent_runtime::{Idempotency, idempotent};

#[idempotent(store = store, key = (id, line))]
async fn charge(store: &Idempotency, id: &str, line: u32) -> Result<String, idempotent_runtime::Error> {
    Ok(format!("{id} {line}"))
}

fn main() {}
