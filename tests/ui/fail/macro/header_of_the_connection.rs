//! A header that a proxy removes.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, header = "Transfer-Encoding")]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
