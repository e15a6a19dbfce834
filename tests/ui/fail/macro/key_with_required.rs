//! A key of the arguments is always there.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, key = event, required = false)]
async fn pay(event: String) -> String {
    event
}

fn main() {}
