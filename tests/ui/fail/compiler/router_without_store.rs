//! A state without a store, found by the router.

use axum::Router;
use axum::routing::post;
use idempotent_runtime::idempotent;

#[derive(Clone)]
struct App;

#[idempotent(scope = public)]
async fn pay() -> &'static str {
    "paid"
}

fn router() -> Router {
    Router::new().route("/", post(pay)).with_state(App)
}

fn main() {}
