//! What can be looked at. Reading needs no idempotency.

use std::error::Error;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use idempotent_runtime::{Idempotency, Key, Scope};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::account::Account;
use super::error::ApiError;
use super::ledger::Effects;
use super::payment::Payment;
use super::routes::App;
use super::store::reason;

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

/// For how long `/healthz` waits for the store.
const HEALTHY: Duration = Duration::from_secs(2);

/// `GET /healthz`: whether the idempotency store answers, and why not.
pub(super) async fn health(State(app): State<App>) -> (StatusCode, Json<Value>) {
    match timeout(HEALTHY, asked(&app.idempotency)).await {
        Ok(Ok(())) => (StatusCode::OK, Json(json!({ "store": "answers" }))),
        Ok(Err(error)) => unhealthy(&reason(&*error)),
        Err(_) => unhealthy(&format!("no answer within {HEALTHY:?}; check that it runs")),
    }
}

/// Looks a record up that is not there.
async fn asked(idempotency: &Idempotency) -> Result<(), Box<dyn Error + Send + Sync>> {
    let key = Key::new("healthz")?;
    let id = idempotency.record_id("healthz", &Scope::public(), &key);
    idempotency.inspect(&id).await?;
    Ok(())
}

fn unhealthy(reason: &str) -> (StatusCode, Json<Value>) {
    let body = json!({ "store": "does not answer", "reason": reason });
    (StatusCode::SERVICE_UNAVAILABLE, Json(body))
}
