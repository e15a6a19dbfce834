//! The operations under test, and how they are asked.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use idempotent_runtime::{Attempt, Error, idempotent};
use tests::{Account, App};

use crate::planted::{BODY, KEY};

#[idempotent(scope = account.0, name = "pay", required = false)]
async fn pay(State(app): State<App>, account: Account, _: Bytes) -> Response {
    app.work.run().await
}

/// One that needs a key, and whose duplicates wait.
#[idempotent(scope = account.0, name = "order", on_conflict = wait("10s"))]
async fn order(State(app): State<App>, account: Account, _: Bytes) -> Response {
    app.work.run().await
}

/// One with a part whose result is kept, and an effect that is recorded twice.
#[idempotent(scope = account.0, name = "checkout")]
async fn checkout(
    State(app): State<App>,
    account: Account,
    attempt: Attempt,
    _: Bytes,
) -> Response {
    let part = async || Ok::<_, Error>(BODY.to_owned());
    if attempt.step("reserve", part).await.is_err() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    for _ in 0..2 {
        attempt.record_effect("charge", KEY);
    }
    app.work.run().await
}

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/pay", post(pay))
        .route("/order", post(order))
        .route("/checkout", post(checkout))
}
