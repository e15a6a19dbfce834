//! An expression sees the arguments.

use idempotent_runtime::idempotent;

#[idempotent(scope = account.id)]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
