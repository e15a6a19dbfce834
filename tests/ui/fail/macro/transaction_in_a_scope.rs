//! A scope that is read in the transaction.

use idempotent_runtime::idempotent;

#[idempotent(scope = tx.account(), transaction = tx)]
async fn pay(tx: &mut Tx<'_>) -> &'static str {
    "paid"
}

fn main() {}
