//! A near miss is answered with the knob.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, tll = "24h")]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
