//! An answer for eleven years.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, ttl = "4000d")]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
