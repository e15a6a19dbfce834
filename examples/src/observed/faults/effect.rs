//! An effect before its guard: the card is charged, then the stock turns out to
//! be empty for a moment, and the retry charges again.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use idempotent_runtime::{Attempt, idempotent};
use serde_json::json;

use crate::client::Request;
use crate::observed::app::{Account, App};
use crate::observed::world::World;

/// How often a card was charged.
pub(crate) type Charges = Arc<AtomicU64>;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/charges", post(charge))
}

#[idempotent(scope = account.0, name = "charges")]
async fn charge(
    account: Account,
    State(app): State<App>,
    attempt: Attempt,
    Json(order): Json<u64>,
) -> Result<Json<u64>, StatusCode> {
    let _ = account;
    attempt.record_effect("charge", &order);
    let charges = app.charges.fetch_add(1, SeqCst) + 1;
    let in_stock = charges.is_multiple_of(2);
    // 503 is not final: the key is released, and the retry runs from the start.
    in_stock
        .then_some(Json(order))
        .ok_or(StatusCode::SERVICE_UNAVAILABLE)
}

pub(crate) async fn traffic(world: &World) -> Result<(), Box<dyn Error>> {
    let charge = Request::post("/charges")
        .account("acme")
        .key(&world.key("charge"));
    let charge = charge.json(&json!(world.round()));
    let (first, retry) = (world.ask(&charge).await?, world.ask(&charge).await?);
    assert_eq!((first.status, retry.status), (503, 200));
    Ok(())
}
