//! A state that depends on the handler's parameter.

use idempotent_runtime::idempotent;

#[idempotent(scope = public, state = Vec<T>, name = "pay")]
async fn pay<T: ToString>(state: T) -> String {
    state.to_string()
}

fn main() {}
