//! Bodies whose claim is committed before their transaction begins.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use idempotent_runtime::{Attempt, Transactional, idempotent};
use tests::Account;

use super::super::{Store, Tx};
use super::{Abroad, App, Failure, Order, work};
use crate::gate::Gate;

#[idempotent(scope = account.0, transaction = tx, claim = before, state = App)]
pub(super) async fn pay_fenced(
    account: Account,
    State(gate): State<Gate>,
    tx: &mut Tx<'_>,
    Json(order): Json<Order>,
) -> Result<Response, Failure> {
    work(&gate, tx, &order).await
}

#[idempotent(scope = account.0)]
pub(super) async fn pay_late(
    account: Account,
    State(gate): State<Gate>,
    State(transactional): State<Transactional<Store>>,
    attempt: Attempt,
    Json(order): Json<Order>,
) -> Result<Response, Failure> {
    let mut tx = attempt.begin(&transactional).await?;
    work(&gate, &mut tx, &order).await
}

#[idempotent(scope = account.0)]
pub(super) async fn begin_twice(
    account: Account,
    State(transactional): State<Transactional<Store>>,
    attempt: Attempt,
) -> Result<Response, Failure> {
    drop(attempt.begin(&transactional).await?);
    attempt.begin(&transactional).await?;
    Ok("begun twice".into_response())
}

#[idempotent(scope = account.0)]
pub(super) async fn begin_abroad(
    account: Account,
    State(abroad): State<Abroad>,
    attempt: Attempt,
) -> Result<Response, Failure> {
    attempt.begin(&abroad.0).await?;
    Ok("begun by another engine".into_response())
}

#[idempotent(scope = account.0, transaction = tx)]
pub(super) async fn begin_inside(
    account: Account,
    State(transactional): State<Transactional<Store>>,
    attempt: Attempt,
    tx: &mut Tx<'_>,
) -> Result<Response, Failure> {
    let _ = tx;
    attempt.begin(&transactional).await?;
    Ok("begun inside".into_response())
}

/// The stable name of the operation behind an uri, for operators' verbs.
#[allow(dead_code)] // not every database lets an attempt be overtaken
pub(crate) fn operation(uri: &str) -> &'static str {
    match uri {
        "/pay-fenced" => concat!(module_path!(), "::pay_fenced"),
        "/pay-late" => concat!(module_path!(), "::pay_late"),
        other => panic!("{other}"),
    }
}
