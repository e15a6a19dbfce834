//! Safe to run again, and not to be run again.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, on_interrupt = reject, rerun_safe_sample = 0.01)]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
