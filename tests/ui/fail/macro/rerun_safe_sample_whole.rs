//! A number that may mean one in a hundred, or all.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, rerun_safe_sample = 1)]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
