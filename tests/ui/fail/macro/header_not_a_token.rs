//! What may stand in a header's name.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, header = "Idempotency Key")]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
