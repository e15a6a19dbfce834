//! A key made here protects nothing.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, key = Uuid::new_v4())]
async fn pay(event: String) -> String {
    event
}

fn main() {}
