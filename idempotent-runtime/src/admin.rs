//! A page for operators: find a key, see what runs and for how long, read
//! findings, and mend what is stuck, whatever the store.
//!
//! ```
//! # use axum::{Router, extract::Request, middleware::{Next, from_fn}, response::Response};
//! use idempotent_runtime::{Idempotency, admin};
//!
//! # async fn login(mut request: Request, next: Next) -> Response {
//! #     request.extensions_mut().insert(admin::Operator::named("ada"));
//! #     next.run(request).await
//! # }
//! # let idempotency = Idempotency::in_memory();
//! let page = admin::router(&idempotency).protected_by(from_fn(login));
//! let app: Router = Router::new().nest("/ops/idempotency", page);
//! ```
//!
//! The chapter is [`docs::admin`](crate::docs::admin).

mod act;
mod action;
mod answer_shown;
mod api;
mod assets;
mod audit;
mod confirm;
mod events;
mod figures;
mod filter;
mod finding;
mod finding_rows;
mod findings;
mod flight_rows;
mod frame;
mod headers;
mod link;
mod lookup;
mod lookup_form;
mod moment;
mod operations;
mod operator;
mod overview;
mod panel;
mod problem;
mod rate_rows;
mod rates;
mod reading;
mod record;
mod records;
mod refusal;
mod respond;
mod routes;
mod same_origin;
mod shown;
mod state_words;
mod store_health;
mod tail;
mod timeline;
mod token;

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::response::IntoResponse;
use axum::routing::Route;
use tower_layer::Layer;
use tower_service::Service;

pub use self::operator::Operator;

use self::panel::{Options, Panel};
use crate::idempotency::Idempotency;

/// The page over `idempotency`, which becomes a router once it is said who
/// may see it.
///
/// ```
/// # use axum::{Router, extract::Request, middleware::{Next, from_fn}, response::Response};
/// # use idempotent_runtime::{Idempotency, admin};
/// # let idempotency = Idempotency::in_memory();
/// # async fn login(request: Request, next: Next) -> Response { next.run(request).await }
/// let page = admin::router(&idempotency)
///     .actions()
///     .trace_link("https://traces.example.com/trace/{trace_id}")
///     .protected_by(from_fn(login));
/// let app: Router = Router::new().nest("/ops/idempotency", page);
/// ```
pub fn router(idempotency: &Idempotency) -> Unprotected {
    Unprotected(Options::new(idempotency))
}

/// A page of which nobody has said yet who may see it: it is no router, so
/// that forgetting to is a compile error.
#[must_use = "it becomes a router by `.protected_by(layer)`, or by `.without_auth(\"reason\")`"]
#[derive(Debug)]
pub struct Unprotected(Options);

impl Unprotected {
    /// Lets an [`Operator`] who may act end leases, forget records and dismiss
    /// findings. Without it the page only reads, whoever asks.
    ///
    /// Its forms carry tokens under the fleet's
    /// [`secret`](crate::IdempotencyBuilder::secret); without one each process
    /// has its own, and behind a balancer a form that comes to another process
    /// is refused.
    pub fn actions(mut self) -> Self {
        self.0.actions = true;
        self
    }

    /// Where a record's trace is looked at: a URL with `{trace_id}` in it.
    pub fn trace_link(mut self, template: impl Into<String>) -> Self {
        self.0.trace_link = Some(template.into());
        self
    }

    /// The page behind `layer`, which answers for whom it does not know, and
    /// puts an [`Operator`] into the extensions of the requests of the others:
    /// a middleware of yours ([`axum::middleware::from_fn`]), or any layer that
    /// a router takes. Every page, asset and unknown path is behind it.
    pub fn protected_by<L>(self, layer: L) -> Router
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        self.build().layer(layer)
    }

    /// The page for everybody who reaches it, for the `reason` that it shows
    /// on every page: "bound to 127.0.0.1", say, or "behind the mesh's login".
    /// Answers and actions need an [`Operator`], and so stay closed.
    pub fn without_auth(mut self, reason: impl Into<String>) -> Router {
        let reason = reason.into();
        tracing::warn!(target: "idempotent", reason, "admin page without authentication");
        self.0.without_auth = Some(reason);
        self.build()
    }

    fn build(self) -> Router {
        routes::of(&Arc::new(Panel::new(self.0)))
    }
}
