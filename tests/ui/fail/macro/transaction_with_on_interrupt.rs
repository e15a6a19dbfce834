//! What is never interrupted, and what to do when it is.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, transaction = tx, on_interrupt = reject)]
async fn pay(tx: &mut Tx<'_>) -> &'static str {
    "paid"
}

fn main() {}
