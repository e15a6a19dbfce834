//! A crash that is noticed after a week.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, lease = "7d")]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
