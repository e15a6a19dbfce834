//! The operations of this binary. None is ever called.

use axum::Json;
use axum::response::Response;
use idempotent_runtime::{Error, Idempotency, Persist, idempotent};

/// Pays.
#[utoipa::path(post, path = "/payments", responses(
    (status = 201, description = "paid"),
    (status = 400, description = "an amount that is no number", content_type = "text/plain", body = String),
    (status = 404, description = "no such account"),
    (status = 409, description = "the account is closed"),
    (status = 500, description = "broken"),
))]
#[idempotent(scope = amount, max_key_age = "24h")]
pub(crate) async fn pay(Json(amount): Json<u64>) -> Json<u64> {
    Json(amount)
}

#[utoipa::path(put, path = "/notes", params(("X-Note-Key" = String, Header, description = "ours")),
    responses((status = "2XX", description = "noted"), (status = "default", description = "else")))]
#[idempotent(scope = public, header = "X-Note-Key", required = false, ttl = "90m",
    persist = success, on_conflict = wait("5s"))]
pub(crate) async fn note(Json(note): Json<String>) -> Json<String> {
    Json(note)
}

#[utoipa::path(post, path = "/events", responses((status = 200, description = "taken")))]
#[idempotent(key = event, scope = public, persist = final_always, on_interrupt = reject)]
pub(crate) async fn event(Json(event): Json<String>) -> Json<String> {
    Json(event)
}

fn final_always(_: &Response) -> Persist {
    Persist::Yes
}

/// In no document.
#[idempotent(scope = public)]
pub(crate) async fn hidden() {}

#[idempotent(store = store, key = order, name = "send-mail")]
pub(crate) async fn send(store: &Idempotency, order: u64) -> Result<u64, Error> {
    Ok(order)
}
