//! A duplicate that waits for a day.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, on_conflict = wait("1d"))]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
