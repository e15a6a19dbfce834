//! One scope for all is `public`, by name.

use idempotent_runtime::idempotent;

#[idempotent(scope = "public")]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
