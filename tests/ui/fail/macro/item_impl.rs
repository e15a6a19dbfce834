//! Each function has keys of its own.

use idempotent_runtime::idempotent;

struct Shop;

#[idempotent(scope = public)]
impl Shop {
    fn pay() {}
}

fn main() {}
