//! So is the word of another library.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, expiry = "24h")]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
