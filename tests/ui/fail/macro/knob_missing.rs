//! What is no knob at all.

use idempotent_runtime::idempotent;

#[idempotent("pay", scope = public)]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
