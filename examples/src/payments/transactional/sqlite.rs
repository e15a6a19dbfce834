//! Payments in SQLite's transactions, which hold the
//! file's lock for writing: payments are made one after the other, and a slow card
//! holds up all others.

use axum::extract::Path;
use axum::response::Response;
use axum::routing::post;
use axum::{Json, Router};
use idempotent_runtime::{SqliteStore, idempotent};
use sqlx::SqliteTransaction;

use super::Exact;
use crate::payments::account::Account;
use crate::payments::create::pay;
use crate::payments::error::ApiError;
use crate::payments::payment::{NewPayment, NewRefund};
use crate::payments::refund::give_back;

type State = Exact<SqliteStore>;

pub(in crate::payments) fn routes(state: State) -> Router {
    Router::new()
        .route("/v1/payments", post(create))
        .route("/v1/payments/{id}/refunds", post(refund))
        .with_state(state)
}

#[idempotent(
    scope = account, transaction = tx, on_conflict = reject, state = State,
    name = "payments.create.sqlite"
)]
async fn create(
    account: Account,
    tx: &mut SqliteTransaction<'_>,
    Json(new): Json<NewPayment>,
) -> Result<Response, ApiError> {
    pay(tx, &account, new).await
}

#[idempotent(
    scope = account, transaction = tx, on_conflict = wait("5s"), state = State,
    name = "payments.refund.sqlite"
)]
async fn refund(
    account: Account,
    Path(id): Path<String>,
    tx: &mut SqliteTransaction<'_>,
    Json(new): Json<NewRefund>,
) -> Result<Response, ApiError> {
    give_back(tx, &account, &id, &new).await
}
