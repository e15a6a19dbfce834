//! The attribute is for functions.

use idempotent_runtime::idempotent;

#[idempotent(scope = public)]
struct Pay;

fn main() {}
