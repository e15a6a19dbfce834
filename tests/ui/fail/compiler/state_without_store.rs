//! A state without a store, named by `state`.

use idempotent_runtime::idempotent;

#[derive(Clone)]
struct App;

#[idempotent(scope = public, state = App)]
async fn pay() -> &'static str {
    "paid"
}

fn main() {}
