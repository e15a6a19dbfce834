//! An expression does not wait.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, key = lookup(event).await)]
async fn pay(event: String) -> String {
    event
}

fn main() {}
