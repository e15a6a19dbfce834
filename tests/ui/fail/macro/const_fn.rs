//! A `const fn` has nothing to repeat.

use idempotent_runtime::idempotent;

#[idempotent(scope = public)]
const fn pay() -> &'static str {
    "paid"
}

fn main() {}
