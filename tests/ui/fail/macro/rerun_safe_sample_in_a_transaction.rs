//! A rerun that would commit its effect a second time.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, transaction = tx, claim = before, rerun_safe_sample = 0.01)]
async fn pay(tx: &mut sqlx::SqliteTransaction<'_>) -> &'static str {
    let _ = tx;
    "paid"
}

fn main() {}
