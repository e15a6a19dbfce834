//! Nor does it return.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, key = { return event })]
async fn pay(event: String) -> String {
    event
}

fn main() {}
