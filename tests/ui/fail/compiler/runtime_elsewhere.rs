//! The runtime is where `crate` says.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, crate = my_runtime)]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
