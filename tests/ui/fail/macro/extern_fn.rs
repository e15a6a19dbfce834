//! Foreign calling conventions.

use idempotent_runtime::idempotent;

#[idempotent(scope = public)]
extern "C" fn pay() -> u32 {
    5
}

fn main() {}
