//! All forms of a generic handler share their keys.

use idempotent_runtime::idempotent;

#[idempotent(scope = public)]
async fn pay<T: ToString>(state: T) -> String {
    state.to_string()
}

fn main() {}
