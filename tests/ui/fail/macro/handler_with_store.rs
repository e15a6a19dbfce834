//! A handler finds its store in the state.

use axum::Json;
use axum::extract::{Path, State};
use idempotent_runtime::idempotent;

#[idempotent(store = store, key = order)]
async fn pay(State(store): State<u8>, Path(id): Path<u8>, Json(order): Json<String>) -> Json<String> {
    Json(format!("{store} {id} {order}"))
}

fn main() {}
