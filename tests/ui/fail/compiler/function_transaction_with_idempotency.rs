//! A function's transaction over a store whose database is not known.

use idempotent_runtime::{Error, Idempotency, idempotent};

#[idempotent(store = store, key = key, transaction = tx)]
async fn pay(store: &Idempotency, key: &str, tx: &mut sqlx::PgTransaction<'_>) -> Result<u8, Error> {
    let _ = tx;
    Ok(1)
}

fn main() {}
