//! `None` would be everybody.

use idempotent_runtime::idempotent;

#[idempotent(scope = account)]
async fn pay(account: Option<String>) -> &'static str {
    "paid"
}

fn main() {}
