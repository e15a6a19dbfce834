//! So do those of an opaque argument.

use idempotent_runtime::idempotent;

#[idempotent(scope = public)]
async fn pay(state: impl ToString) -> String {
    state.to_string()
}

fn main() {}
