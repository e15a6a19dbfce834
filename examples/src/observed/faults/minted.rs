//! A client that makes a new key for each try: it gives up early, tries again,
//! and each try orders once more.

use std::error::Error;
use std::time::Duration;

use axum::routing::post;
use axum::{Json, Router};
use idempotent_runtime::idempotent;
use serde_json::json;

use crate::client::Request;
use crate::observed::app::{Account, App};
use crate::observed::world::World;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/orders", post(order))
}

#[idempotent(scope = account.0, name = "orders")]
async fn order(account: Account, Json(item): Json<u64>) -> Json<u64> {
    let _ = account;
    tokio::time::sleep(Duration::from_millis(500)).await;
    Json(item)
}

pub(crate) async fn traffic(world: &World) -> Result<(), Box<dyn Error>> {
    let order = Request::post("/orders")
        .account("acme")
        .json(&json!(world.round()));
    let attempt = |number: u32| {
        let key = world.key(&format!("try-{number}"));
        let order = order.clone().key(&key);
        async move { world.ask(&order).await }
    };
    let (first, second, third) = tokio::join!(attempt(1), attempt(2), attempt(3));
    assert_eq!(
        (first?.status, second?.status, third?.status),
        (200, 200, 200)
    );
    Ok(())
}
