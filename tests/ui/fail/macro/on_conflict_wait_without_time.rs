//! How long a duplicate waits.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, on_conflict = wait)]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
