//! The leak that a handler without a scope would be.

use idempotent_runtime::idempotent;

#[idempotent]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
