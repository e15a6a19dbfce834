//! A route that nobody made idempotent: each retry takes one more note.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::json;

use crate::client::Request;
use crate::observed::app::App;
use crate::observed::world::World;

/// How many notes were taken.
pub(crate) type Notes = Arc<AtomicU64>;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/notes", post(note))
}

/// Answers with the new note's number.
async fn note(State(app): State<App>, Json(_): Json<String>) -> Json<u64> {
    Json(app.notes.fetch_add(1, SeqCst) + 1)
}

pub(crate) async fn traffic(world: &World) -> Result<(), Box<dyn Error>> {
    let note = Request::post("/notes").account("acme");
    let note = note.json(&json!(format!("round {}", world.round())));
    let (first, retry) = (world.ask(&note).await?, world.ask(&note).await?);
    assert_ne!(first.body, retry.body);
    Ok(())
}
