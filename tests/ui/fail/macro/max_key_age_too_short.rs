//! A key that is old when it arrives.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, max_key_age = "10ms")]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
