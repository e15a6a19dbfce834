//! A tower layer with the same engine, for routes that cannot be annotated.

use std::sync::Arc;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::request::Parts;
use tower_layer::Layer;

pub use super::service::IdempotencyService;

use crate::idempotency::Idempotency;
use crate::lease::{DurationOutOfRange, Lease, Ttl};
use crate::policy::{Mode, Persist, Spec};
use crate::scope::{Scope, ToScope};

/// Whose key a request's is, or the response that refuses it.
type ScopeOf = dyn Fn(&Parts) -> Result<Scope, Response> + Send + Sync;
/// Which responses are final.
pub(super) type Classify = dyn Fn(&Response) -> Persist + Send + Sync;

/// Idempotency for every POST, PUT, PATCH and DELETE of a router, by the same
/// rules as `#[idempotent]` but one: only 2xx and 3xx answers are final by
/// default, because a layer cannot tell a handler's refusal from an
/// extractor's rejection.
///
/// An operation is a method and the route's template; `name` sets another.
///
/// ```
/// use axum::{Router, routing::post};
/// use idempotent_runtime::{Idempotency, http::IdempotencyLayer};
///
/// let idempotency = Idempotency::in_memory();
/// let layer = IdempotencyLayer::scoped_by(idempotency, |request| {
///     let account = request.headers.get("x-account").and_then(|value| value.to_str().ok());
///     account.map(str::to_owned).ok_or(axum::http::StatusCode::UNAUTHORIZED)
/// });
/// let app: Router = Router::new().route("/orders", post(async || "ordered")).layer(layer);
/// ```
#[derive(Clone)]
pub struct IdempotencyLayer {
    pub(super) shared: Arc<Shared>,
}

#[derive(Clone)]
pub(super) struct Shared {
    pub(super) idempotency: Idempotency,
    pub(super) spec: Spec,
    pub(super) name: Option<&'static str>,
    pub(super) scope: Arc<ScopeOf>,
    pub(super) classify: Option<Arc<Classify>>,
}

impl IdempotencyLayer {
    /// Keys belong to the scope that `scope` takes from a request: the
    /// account that an authentication layer left in its extensions, say. What
    /// it returns as an error answers the request, and nothing runs.
    pub fn scoped_by<S: ToScope, R: IntoResponse>(
        idempotency: Idempotency,
        scope: impl Fn(&Parts) -> Result<S, R> + Send + Sync + 'static,
    ) -> Self {
        let problems = idempotency.clone();
        Self::new(idempotency, move |parts| {
            let scope = scope(parts).map_err(IntoResponse::into_response)?;
            Scope::of(&scope)
                .map_err(|empty| super::problem::of(&empty.into(), &problems.engine.settings))
        })
    }

    /// All callers share one space of keys: whoever knows a key gets its
    /// answer.
    pub fn public(idempotency: Idempotency) -> Self {
        Self::new(idempotency, |_| Ok(Scope::public()))
    }

    fn new(
        idempotency: Idempotency,
        scope: impl Fn(&Parts) -> Result<Scope, Response> + Send + Sync + 'static,
    ) -> Self {
        let mut spec = Spec::handler("", file!(), line!(), column!());
        spec.mode = Mode::Layer;
        let shared = Shared {
            idempotency,
            spec,
            name: None,
            scope: Arc::new(scope),
            classify: None,
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// The operation's name, for all routes behind this layer.
    pub fn name(self, name: &'static str) -> Self {
        self.with(|shared| shared.name = Some(name))
    }

    /// The header that carries the key; `Idempotency-Key` by default. Panics
    /// if it is no header name in lower case.
    pub fn header(self, name: &'static str) -> Self {
        let _ = http::HeaderName::from_static(name);
        self.with(|shared| shared.spec = shared.spec.header(name))
    }

    /// Requests without a key run unprotected instead of getting 400.
    pub fn optional(self) -> Self {
        self.with(|shared| shared.spec = shared.spec.optional())
    }

    /// A duplicate waits at most this long for the first one's answer.
    pub fn wait(self, at_most: Duration) -> Self {
        self.with(|shared| shared.spec = shared.spec.wait(at_most))
    }

    /// For how long answers are replayed.
    pub fn ttl(self, ttl: Duration) -> Result<Self, DurationOutOfRange> {
        let ttl = Ttl::new(ttl)?.duration();
        Ok(self.with(|shared| shared.spec = shared.spec.ttl(ttl)))
    }

    /// For how long a claim holds without a sign of life.
    pub fn lease(self, lease: Duration) -> Result<Self, DurationOutOfRange> {
        let lease = Lease::new(lease)?.duration();
        Ok(self.with(|shared| shared.spec = shared.spec.lease(lease)))
    }

    /// After an attempt that died unfinished, retries are refused: the
    /// outcome is unknown.
    pub fn reject_interrupted(self) -> Self {
        self.with(|shared| shared.spec = shared.spec.reject_interrupted())
    }

    /// Says which responses are final.
    pub fn persist(self, classify: impl Fn(&Response) -> Persist + Send + Sync + 'static) -> Self {
        self.with(|shared| {
            shared.spec = shared.spec.persist_custom();
            shared.classify = Some(Arc::new(classify));
        })
    }

    fn with(mut self, change: impl FnOnce(&mut Shared)) -> Self {
        change(Arc::make_mut(&mut self.shared));
        self
    }
}

impl<S> Layer<S> for IdempotencyLayer {
    type Service = IdempotencyService<S>;

    fn layer(&self, inner: S) -> IdempotencyService<S> {
        IdempotencyService {
            inner,
            shared: Arc::clone(&self.shared),
        }
    }
}

impl std::fmt::Debug for IdempotencyLayer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IdempotencyLayer")
            .field("spec", &self.shared.spec)
            .finish_non_exhaustive()
    }
}
