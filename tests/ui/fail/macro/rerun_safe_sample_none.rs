//! A share that is none.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, rerun_safe_sample = 0.0)]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
