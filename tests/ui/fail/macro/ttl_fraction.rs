//! Fractions are not read.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, ttl = "1.5h")]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
