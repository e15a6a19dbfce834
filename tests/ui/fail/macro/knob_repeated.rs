//! A knob is given once.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, ttl = "1h", ttl = "2h")]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
