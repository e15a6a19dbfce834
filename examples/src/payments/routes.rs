//! The service's state and its routes.

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use axum::routing::{get, post};
use idempotent_runtime::Idempotency;

use super::ledger::Ledger;
use super::{create, read, refund};

/// What every handler can reach.
#[derive(Clone)]
pub struct App {
    /// The store of keys and answers.
    pub(super) idempotency: Idempotency,
    /// Payments and effects.
    pub(super) ledger: Arc<dyn Ledger>,
}

/// How annotated handlers find the store. `#[derive(FromRef)]`, with axum's
/// feature `macros`, writes the same.
impl FromRef<App> for Idempotency {
    fn from_ref(app: &App) -> Self {
        app.idempotency.clone()
    }
}

/// What changes something, guarded by leases.
pub(super) fn writes(app: App) -> Router {
    Router::new()
        .route("/v1/payments", post(create::create))
        .route("/v1/payments/{id}/refunds", post(refund::refund))
        .with_state(app)
}

/// What can be looked at.
pub(super) fn reads(app: App) -> Router {
    Router::new()
        .route("/v1/payments", get(read::list))
        .route("/v1/payments/{id}", get(read::one))
        .route("/v1/ledger", get(read::ledger))
        .route("/healthz", get(read::health))
        .with_state(app)
}
