//! A handler with a transaction that the attribute does not name.

use idempotent_runtime::idempotent;

#[idempotent(scope = public)]
async fn pay(tx: &mut PgTransaction<'_>) -> &'static str {
    "paid"
}

fn main() {}
