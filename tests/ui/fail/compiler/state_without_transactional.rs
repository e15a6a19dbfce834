//! A state with an `Idempotency` only, named by `state`.

use axum::extract::FromRef;
use idempotent_runtime::{Idempotency, idempotent};

#[derive(Clone, FromRef)]
struct App {
    idempotency: Idempotency,
}

#[idempotent(scope = public, transaction = tx, state = App)]
async fn pay(tx: &mut sqlx::PgTransaction<'_>) -> &'static str {
    let _ = tx;
    "paid"
}

fn main() {}
