//! An answer that is forgotten at once.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, ttl = "0s")]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
