//! A unit is written short.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, ttl = "24 hours")]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
