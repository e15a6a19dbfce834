//! A number alone is no duration.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, ttl = "24")]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
