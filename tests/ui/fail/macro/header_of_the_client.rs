//! A header that is the same for many requests.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, header = "Content-Length")]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
