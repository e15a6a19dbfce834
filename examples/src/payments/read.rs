//! What can be looked at. Reading needs no idempotency.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use idempotent_runtime::{Key, Scope};
use serde_json::{Value, json};

use super::account::Account;
use super::error::ApiError;
use super::ledger::Effects;
use super::payment::Payment;
use super::routes::App;

/// `GET /v1/payments`: the caller's own.
pub(super) async fn list(
    account: Account,
    State(app): State<App>,
) -> Result<Json<Vec<Payment>>, ApiError> {
    Ok(Json(app.ledger.payments(&account.0).await?))
}

/// `GET /v1/payments/{id}`: another's is not found.
pub(super) async fn one(
    account: Account,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Payment>, ApiError> {
    let payment = app.ledger.payment(&account.0, &id).await?;
    payment.map(Json).ok_or(ApiError::NoSuchPayment)
}

/// `GET /v1/ledger`: every attempt that reached the effect, of all accounts.
pub(super) async fn ledger(State(app): State<App>) -> Result<Json<Effects>, ApiError> {
    Ok(Json(app.ledger.effects().await?))
}

/// `GET /healthz`: whether the idempotency store answers.
pub(super) async fn health(State(app): State<App>) -> (StatusCode, Json<Value>) {
    let answers = match Key::new("healthz") {
        Ok(key) => {
            let id = app.idempotency.record_id("healthz", &Scope::public(), &key);
            app.idempotency.inspect(&id).await.is_ok()
        }
        Err(_) => false,
    };
    if answers {
        (StatusCode::OK, Json(json!({ "store": "answers" })))
    } else {
        let body = json!({ "store": "does not answer" });
        (StatusCode::SERVICE_UNAVAILABLE, Json(body))
    }
}
