//! A value is not empty.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, ttl = , lease = "5s")]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
