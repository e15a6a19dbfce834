//! An expression does not leave the function.

use idempotent_runtime::idempotent;

#[idempotent(scope = account(event)?)]
async fn pay(event: String) -> String {
    event
}

fn main() {}
