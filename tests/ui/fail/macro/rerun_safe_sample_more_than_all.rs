//! A share of more than all.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, rerun_safe_sample = 1.5)]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
