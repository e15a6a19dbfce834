//! Ours: the attribute on a handler, the layer, the attribute on a function.

use axum::extract::FromRef;
use axum::routing::post;
use axum::{Json, Router};
#[cfg(feature = "metrics")]
use idempotent_runtime::IdempotencyBuilder;
use idempotent_runtime::http::IdempotencyLayer;
use idempotent_runtime::{Error, Idempotency, MemoryStore, idempotent};

use super::Subject;
use crate::handler::{NewPayment, Payment, settle};

#[derive(Clone, FromRef)]
struct App {
    idempotency: Idempotency,
}

fn idempotency() -> Idempotency {
    Idempotency::new(store())
}

/// To be tuned.
#[cfg(feature = "metrics")]
pub(super) fn builder() -> IdempotencyBuilder {
    Idempotency::builder(store())
}

/// Room for every request of a run: none is refused, none is forgotten.
fn store() -> MemoryStore {
    let store = MemoryStore::builder()
        .max_records(10_000_000)
        .max_bytes(8 << 30);
    store.quota_per_scope(10_000_000).build()
}

#[idempotent(scope = public)]
async fn pay(Json(new): Json<NewPayment>) -> Json<Payment> {
    Json(settle(new))
}

pub fn handler() -> Subject {
    Subject::new("ours, #[idempotent]", router(idempotency()))
}

pub(super) fn router(idempotency: Idempotency) -> Router {
    let app = App { idempotency };
    Router::new().route("/pay", post(pay)).with_state(app)
}

pub fn layer() -> Subject {
    let layer = IdempotencyLayer::public(idempotency());
    let router = Router::new()
        .route("/pay", post(crate::handler::pay))
        .layer(layer);
    Subject::new("ours, layer", router)
}

/// What runs jobs.
pub struct Jobs {
    idempotency: Idempotency,
}

impl Default for Jobs {
    fn default() -> Self {
        Self::with(idempotency())
    }
}

impl Jobs {
    pub(super) fn with(idempotency: Idempotency) -> Self {
        Self { idempotency }
    }
}

/// Function mode.
#[idempotent(store = &jobs.idempotency, key = key)]
pub async fn job(jobs: &Jobs, key: u64, new: NewPayment) -> Result<Payment, Error> {
    Ok(settle(new))
}
