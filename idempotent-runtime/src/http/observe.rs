//! A tower layer that only looks: it tells which routes answer one request
//! twice, differently, and which get idempotency keys for nothing. Requests
//! and answers pass through as they are; what is digested, is on its way.

mod body;
mod seen;
mod service;

use std::sync::Arc;

use axum::response::Response;
use http::Method;
use http::request::Parts;
use tower_layer::Layer;

pub(super) use self::seen::Observed;
pub use self::service::ObserveService;

use crate::idempotency::Idempotency;

/// Who sends a request, as some digest of it; none where that is not known.
type PrincipalOf = dyn Fn(&Parts) -> Option<String> + Send + Sync;
/// What of an answer must be the same when its request comes again.
type AnswerOf = dyn Fn(&Response) -> Option<u64> + Send + Sync;

/// Observes a router's POST and PATCH routes, and changes nothing. A route
/// that answers the same request of the same caller twice, differently, within
/// five minutes repeats its effect for a retry: it is a
/// [finding](crate::findings). So is a route that is not idempotent and gets an
/// idempotency key. Over the memory store it needs
/// [`detector_slots`](crate::IdempotencyBuilder::detector_slots).
///
/// Requests of nobody (without `Authorization`, or by
/// [`principal`](Self::principal)) are not compared, nor are refusals (4xx),
/// bodies over 1 MiB or not read to their end, and routes that `#[idempotent]`
/// or an [`IdempotencyLayer`](super::IdempotencyLayer) guards.
///
/// ```
/// use axum::{Router, routing::post};
/// use idempotent_runtime::{Idempotency, MemoryStore, http::ObserveLayer};
///
/// let idempotency = Idempotency::builder(MemoryStore::new())
///     .detector_slots(Idempotency::DETECTOR_SLOTS)
///     .build()?;
/// let app: Router = Router::new()
///     .route("/orders", post(async || "ordered"))
///     .layer(ObserveLayer::new(&idempotency).ignore("POST /search"));
/// # Ok::<(), idempotent_runtime::DurationOutOfRange>(())
/// ```
#[derive(Clone)]
pub struct ObserveLayer {
    shared: Arc<Shared>,
}

#[derive(Clone)]
struct Shared {
    idempotency: Idempotency,
    methods: Vec<Method>,
    ignored: Vec<String>,
    principal: Arc<PrincipalOf>,
    answer: Option<Arc<AnswerOf>>,
}

impl ObserveLayer {
    /// Tells what it finds to this [`Idempotency`].
    pub fn new(idempotency: &Idempotency) -> Self {
        let authorization = |parts: &Parts| {
            let value = parts.headers.get(http::header::AUTHORIZATION)?;
            Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        Self {
            shared: Arc::new(Shared {
                idempotency: idempotency.clone(),
                methods: vec![Method::POST, Method::PATCH],
                ignored: Vec::new(),
                principal: Arc::new(authorization),
                answer: None,
            }),
        }
    }

    /// Who sends a request, where it is not told by `Authorization`: a session
    /// or an account. `None` is nobody, whose requests are not compared; an
    /// address is no caller, as many share one.
    pub fn principal(self, of: impl Fn(&Parts) -> Option<String> + Send + Sync + 'static) -> Self {
        self.with(|shared| shared.principal = Arc::new(of))
    }

    /// A route that may answer differently, as `POST /search`.
    pub fn ignore(self, route: impl Into<String>) -> Self {
        let route = route.into();
        self.with(|shared| shared.ignored.push(route))
    }

    /// The methods to look at; POST and PATCH by default.
    pub fn methods(self, methods: impl Into<Vec<Method>>) -> Self {
        let methods = methods.into();
        self.with(|shared| shared.methods = methods)
    }

    /// What of an answer must be the same when its request comes again, where
    /// its status and first 64 KiB are too much, as with a clock in it.
    pub fn answer(self, digest: impl Fn(&Response) -> Option<u64> + Send + Sync + 'static) -> Self {
        self.with(|shared| shared.answer = Some(Arc::new(digest)))
    }

    fn with(mut self, change: impl FnOnce(&mut Shared)) -> Self {
        change(Arc::make_mut(&mut self.shared));
        self
    }
}

impl<S> Layer<S> for ObserveLayer {
    type Service = ObserveService<S>;

    fn layer(&self, inner: S) -> ObserveService<S> {
        ObserveService::new(inner, Arc::clone(&self.shared))
    }
}

impl std::fmt::Debug for ObserveLayer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ObserveLayer").finish_non_exhaustive()
    }
}
