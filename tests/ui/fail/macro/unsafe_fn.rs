//! Unsafe functions.

use idempotent_runtime::idempotent;

#[idempotent(scope = public)]
unsafe fn pay() -> &'static str {
    "paid"
}

fn main() {}
