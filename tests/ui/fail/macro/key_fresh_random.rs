//! Nor does chance.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, key = rand::random::<u64>())]
async fn pay(event: String) -> String {
    event
}

fn main() {}
