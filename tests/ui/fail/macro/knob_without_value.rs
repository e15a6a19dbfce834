//! A knob has a value.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, required)]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
