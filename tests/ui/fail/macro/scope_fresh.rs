//! A scope that is another at each call.

use idempotent_runtime::idempotent;

#[idempotent(scope = Uuid::new_v4())]
async fn pay(event: String) -> String {
    event
}

fn main() {}
