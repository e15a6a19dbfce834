//! A transaction by value, which the body could commit by itself.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, transaction = tx)]
async fn pay(tx: Tx<'static>) -> &'static str {
    "paid"
}

fn main() {}
