//! So is a handler's.

use idempotent_runtime::idempotent;

#[idempotent(scope = id)]
async fn pay(id: String) -> String {
    id.len()
}

fn main() {}
