//! Knobs are parted by commas.

use idempotent_runtime::idempotent;

#[idempotent(scope = public ttl = "1h")]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
