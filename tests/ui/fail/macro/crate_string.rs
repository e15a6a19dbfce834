//! `crate` is a path.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, crate = "my::runtime")]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
