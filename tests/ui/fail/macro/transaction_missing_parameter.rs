//! A transaction that is not among the parameters.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, transaction = tx)]
async fn pay(transaction: &mut Tx<'_>) -> &'static str {
    "paid"
}

fn main() {}
