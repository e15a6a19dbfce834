//! `persist` takes a path.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, persist = |response| true)]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
