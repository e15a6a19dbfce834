//! A scope that changes between two tries: keys belong to the session, and the
//! client has logged in again.

use std::error::Error;

use axum::http::HeaderMap;
use axum::routing::post;
use axum::{Json, Router};
use idempotent_runtime::idempotent;
use serde_json::json;

use crate::client::Request;
use crate::observed::app::App;
use crate::observed::world::World;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/transfers", post(transfer))
}

#[idempotent(scope = session(headers), name = "transfers")]
async fn transfer(headers: HeaderMap, Json(amount): Json<u64>) -> Json<u64> {
    let _ = headers;
    Json(amount)
}

fn session(headers: &HeaderMap) -> String {
    let session = headers.get("session").and_then(|value| value.to_str().ok());
    session.unwrap_or_default().to_owned()
}

pub(crate) async fn traffic(world: &World) -> Result<(), Box<dyn Error>> {
    let transfer = Request::post("/transfers")
        .key(&world.key("transfer"))
        .json(&json!(world.round()));
    for session in ["before-login", "after-login"] {
        let request = transfer.clone().header("session", session);
        assert!(!world.ask(&request).await?.is_replay());
    }
    Ok(())
}
