//! The observing layer's service.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::{MatchedPath, Request};
use axum::response::Response;
use tower_service::Service;

use super::Shared;
use super::seen::Seen;

/// A service behind an [`ObserveLayer`](super::ObserveLayer).
#[derive(Clone)]
pub struct ObserveService<S> {
    inner: S,
    shared: Arc<Shared>,
}

impl<S> ObserveService<S> {
    pub(super) fn new(inner: S, shared: Arc<Shared>) -> Self {
        Self { inner, shared }
    }
}

impl<S> Service<Request> for ObserveService<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let Some(route) = route(&self.shared, &request) else {
            return Box::pin(self.inner.call(request));
        };
        let (mut parts, body) = request.into_parts();
        let (seen, body) = Seen::new(&self.shared, route, &mut parts, body);
        let answer = self.inner.call(Request::from_parts(parts, body));
        Box::pin(async move { answer.await.map(|response| seen.answered(response)) })
    }
}

/// Method and template of a route that is looked at.
fn route(shared: &Shared, request: &Request) -> Option<String> {
    let method = request.method();
    if !shared.methods.contains(method) {
        return None;
    }
    let path = request.extensions().get::<MatchedPath>();
    let route = path.map_or_else(
        || "other".to_owned(),
        |path| format!("{method} {}", path.as_str()),
    );
    (!shared.ignored.contains(&route)).then_some(route)
}

impl<S> std::fmt::Debug for ObserveService<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ObserveService").finish_non_exhaustive()
    }
}
