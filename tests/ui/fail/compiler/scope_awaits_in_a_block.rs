//! An async block in an expression is no scope.

use idempotent_runtime::idempotent;

#[idempotent(scope = async { account })]
async fn pay(account: String) -> &'static str {
    "paid"
}

fn main() {}
