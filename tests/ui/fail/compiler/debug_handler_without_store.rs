//! A state without a store, found by `debug_handler`.

use axum::extract::State;
use idempotent_runtime::idempotent;

#[derive(Clone)]
struct App;

#[idempotent(scope = public)]
#[axum::debug_handler]
async fn pay(State(app): State<App>) -> &'static str {
    let App = app;
    "paid"
}

fn main() {}
