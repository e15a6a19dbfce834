//! Safe to run again, and asking what the last run did.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, on_interrupt = recover(look), rerun_safe_sample = 0.01)]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
