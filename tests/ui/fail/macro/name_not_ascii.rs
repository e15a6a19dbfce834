//! A name is visible ASCII.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, name = "zahlung für alle")]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
