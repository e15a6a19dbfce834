//! Nor does the time.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, key = std::time::SystemTime::now())]
async fn pay(event: String) -> String {
    event
}

fn main() {}
