//! `&mut` of something that is no transaction.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, transaction = tx)]
async fn pay(tx: &mut String) -> &'static str {
    tx.push('x');
    "paid"
}

fn main() {}
