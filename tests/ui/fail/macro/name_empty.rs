//! A name is not empty.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, name = "")]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
