//! What operators are promised to see.

#![allow(clippy::float_cmp)] // counts, and times of a paused clock, are exact

mod cardinality;
mod chapter;
mod findings;
mod levels;
mod outcomes;
mod records;
mod registration;
mod spans;
mod times;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use idempotent_runtime::idempotent;
use tests::{Account, App};

/// The operation of most tests.
#[idempotent(scope = account.0, name = "pay", required = false)]
async fn pay(State(app): State<App>, account: Account, _: Bytes) -> Response {
    app.work.run().await
}

/// One that needs a key, and whose duplicates wait.
#[idempotent(scope = account.0, name = "order", on_conflict = wait("10s"))]
async fn order(State(app): State<App>, account: Account, _: Bytes) -> Response {
    app.work.run().await
}

fn routes() -> Router<App> {
    Router::new()
        .route("/pay", post(pay))
        .route("/order", post(order))
}
