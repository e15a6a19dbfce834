//! Variadic arguments, which the compiler dislikes as well.

use idempotent_runtime::idempotent;

#[idempotent(scope = public)]
unsafe extern "C" fn pay(amount: u32, ...) {
    let _ = amount;
}

fn main() {}
