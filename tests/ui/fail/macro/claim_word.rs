//! A claim at another time.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, transaction = tx, claim = after)]
async fn pay(tx: &mut Tx<'_>) -> &'static str {
    "paid"
}

fn main() {}
