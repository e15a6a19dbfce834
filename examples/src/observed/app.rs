//! The service: its state, who calls it, and its routes.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::{StatusCode, request::Parts};
use axum::{Router, serve};
use idempotent_runtime::http::ObserveLayer;
use idempotent_runtime::{Idempotency, MemoryStore};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;

use super::{clean, faults};
use crate::metrics;

/// What every handler sees.
#[derive(Clone)]
pub(super) struct App {
    pub(super) idempotency: Idempotency,
    pub(super) charges: faults::effect::Charges,
    pub(super) notes: faults::unprotected::Notes,
    pub(super) starved: Arc<faults::starved::Gate>,
    pub(super) effects: Arc<clean::Effects>,
}

impl FromRef<App> for Idempotency {
    fn from_ref(app: &App) -> Self {
        app.idempotency.clone()
    }
}

impl App {
    pub(super) fn new() -> Result<Self, idempotent_runtime::DurationOutOfRange> {
        let builder = Idempotency::builder(MemoryStore::new());
        Ok(Self {
            idempotency: builder
                .detector_slots(Idempotency::DETECTOR_SLOTS)
                .build()?,
            charges: Arc::default(),
            notes: Arc::default(),
            starved: Arc::default(),
            effects: Arc::default(),
        })
    }

    pub(super) fn router(self, page: PrometheusHandle) -> Router {
        let observe = ObserveLayer::new(&self.idempotency);
        Router::new()
            .merge(clean::routes())
            .merge(faults::routes())
            .layer(observe)
            .with_state(self)
            .merge(metrics::routes(page))
    }
}

/// Whose keys they are.
pub(super) struct Account(pub(super) String);

impl<S: Sync> FromRequestParts<S> for Account {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let value = parts.headers.get("authorization");
        let account = value.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        account
            .map(|account| Self(account.to_owned()))
            .ok_or(StatusCode::UNAUTHORIZED)
    }
}

/// Serves until the process ends.
pub(super) async fn forever(listener: TcpListener, router: Router) {
    if let Err(error) = serve(listener, router).await {
        eprintln!("observed: {error}");
    }
}
