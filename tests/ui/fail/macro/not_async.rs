//! A handler is async.

use idempotent_runtime::idempotent;

#[idempotent(scope = public)]
fn pay() -> &'static str {
    "paid"
}

fn main() {}
