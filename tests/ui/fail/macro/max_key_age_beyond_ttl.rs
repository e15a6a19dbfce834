//! A key that may be older than its answer lives.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, ttl = "1h", max_key_age = "1d")]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
