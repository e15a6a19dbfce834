//! A claim before nothing.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, claim = before)]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
