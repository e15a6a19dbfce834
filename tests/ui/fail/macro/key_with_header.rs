//! Two sources of one key.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, key = event, header = "X-Key")]
async fn pay(event: String) -> String {
    event
}

fn main() {}
