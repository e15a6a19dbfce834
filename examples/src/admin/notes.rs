//! A route that somebody forgot to annotate: each retry writes another note.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use idempotent_runtime::Idempotency;
use idempotent_runtime::http::ObserveLayer;
use serde_json::{Value, json};

pub(super) fn routes(idempotency: &Idempotency) -> Router {
    Router::new()
        .route("/v1/notes", post(write))
        .layer(ObserveLayer::new(idempotency))
        .with_state(Arc::default())
}

async fn write(State(notes): State<Arc<AtomicU64>>) -> (StatusCode, Json<Value>) {
    let id = notes.fetch_add(1, SeqCst) + 1;
    (StatusCode::CREATED, Json(json!({ "id": id })))
}
