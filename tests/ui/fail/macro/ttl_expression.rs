//! A duration is checked at compile time.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, ttl = Duration::from_secs(5))]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
