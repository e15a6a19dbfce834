//! `required` is a flag.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, required = 1)]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
