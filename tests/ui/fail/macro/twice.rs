//! One attribute for all knobs.

use idempotent_runtime::idempotent;

#[idempotent(scope = public)]
#[idempotent(ttl = "1h")]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
