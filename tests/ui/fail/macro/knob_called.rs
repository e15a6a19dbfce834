//! A knob is assigned, not called.

use idempotent_runtime::idempotent;

#[idempotent(scope(public))]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
