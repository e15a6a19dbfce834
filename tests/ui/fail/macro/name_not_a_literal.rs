//! A name is fixed.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, name = NAME)]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
