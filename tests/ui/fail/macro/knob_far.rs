//! A word that is near to none gets the list.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, saga = steps)]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
