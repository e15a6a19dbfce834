//! What HTTP callers are promised, in process and on tokio's paused clock.
//! Each module is a part of the specification, each test one sentence of it.

mod answers;
mod child_keys;
mod conflict;
mod disconnect;
mod extractors;
mod finality;
mod fingerprint;
mod headers;
mod identity;
mod interruption;
mod key;
mod layer;
mod layer_request;
mod limits;
mod operations;
mod order;
mod problems;
mod recovery;
mod steps;
mod store;
mod tombstones;
mod unknown_outcome;
mod waiting;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use idempotent_runtime::idempotent;
use tests::{Account, App};

/// The operation of most tests, with the defaults.
#[idempotent(scope = account.0)]
async fn pay(State(app): State<App>, account: Account, _: Bytes) -> Response {
    app.work.run().await
}

fn routes() -> Router<App> {
    Router::new().route("/pay", post(pay))
}
