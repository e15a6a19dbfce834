//! The layer's service: a request through the engine, with the inner service
//! as the body.

use std::collections::HashSet;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::extract::{MatchedPath, Request};
use axum::response::Response;
use http::{HeaderMap, Method};
use tower_service::Service;

use super::layer::Shared;
use super::serve::serve;
use super::{asked, finality, fingerprint, key, problem, traceparent};
use crate::engine::Call;
use crate::error::Error;
use crate::key::Key;
use crate::policy::{KeySource, Persist};

/// A service behind an [`IdempotencyLayer`](super::IdempotencyLayer).
#[derive(Clone)]
pub struct IdempotencyService<S> {
    pub(super) inner: S,
    pub(super) shared: Arc<Shared>,
}

impl<S> Service<Request> for IdempotencyService<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        // The service that was made ready is the one to call.
        let ready = self.inner.clone();
        let inner = std::mem::replace(&mut self.inner, ready);
        let shared = Arc::clone(&self.shared);
        Box::pin(async move { Ok(guard(inner, &shared, request).await) })
    }
}

/// Answers a request: by the inner service, a replay, or a problem.
async fn guard<S>(mut inner: S, shared: &Arc<Shared>, request: Request) -> Response
where
    S: Service<Request, Response = Response, Error = Infallible> + Send + 'static,
    S::Future: Send,
{
    let (request, call) = match ask(shared, request).await {
        Ok((request, Some(call))) => (request, call),
        Ok((request, None)) => return bypass(&mut inner, shared, request).await,
        Err(refused) => return refused,
    };
    let (spec, classify) = (shared.spec, shared.classify.clone());
    let is_final = move |response: &Response| {
        let classify = |response: &Response| classify.map_or(Persist::Yes, |is| is(response));
        finality::of(&spec, classify, response)
    };
    let engine = &shared.idempotency.engine;
    serve(engine, call.operation, Ok(call), is_final, || async move {
        run(&mut inner, request).await
    })
    .await
}

/// Runs a request that is not guarded; one without a key is counted.
async fn bypass<S>(inner: &mut S, shared: &Shared, request: Request) -> Response
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    let telemetry = &shared.idempotency.engine.telemetry;
    let bypassed = !request.method().is_safe();
    let _bypass = bypassed.then(|| telemetry.bypassed(name(shared, &request)));
    run(inner, request).await
}

/// The request, and the call that it makes; none where it needs no guard.
/// In the handlers' order: who it is, its key, its body.
async fn ask(shared: &Shared, request: Request) -> Result<(Request, Option<Call>), Response> {
    let engine = &shared.idempotency.engine;
    let refuse = |error, operation| {
        engine.telemetry.refused(operation, &error);
        problem::of(&error, &engine.settings)
    };
    if !request.method().is_safe() {
        asked::guards(&request);
    }
    let key = match key(shared, request.headers()) {
        _ if request.method().is_safe() => return Ok((request, None)),
        Ok(None) => return Ok((request, None)),
        Ok(Some(key)) => Ok(key),
        Err(error) => Err(error),
    };
    let operation = name(shared, &request);
    let (parts, body) = request.into_parts();
    let scope = (shared.scope)(&parts)?;
    let key = key.map_err(|error| refuse(error, operation))?;
    let request = Request::from_parts(parts, body);
    let (mut request, fingerprint) = fingerprint::digested(request).await?;
    let mut spec = shared.spec;
    spec.name = operation;
    let call = Call::new(&engine.settings, &spec, &scope, &key, fingerprint);
    let mut call = call.map_err(|error| refuse(error, operation))?;
    call.trace = traceparent::of(request.headers());
    // For the extractors of the handlers behind this layer.
    call.attempt.keep_key(key);
    request.extensions_mut().insert(call.attempt.clone());
    Ok((request, Some(call)))
}

async fn run<S>(inner: &mut S, request: Request) -> Response
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    match inner.call(request).await {
        Ok(response) => response,
    }
}

fn key(shared: &Shared, headers: &HeaderMap) -> Result<Option<Key>, Error> {
    match shared.spec.key {
        KeySource::Header(header) => key::read(headers, header)?
            .map_or(Err(Error::KeyMissing { header }), |key| Ok(Some(key))),
        KeySource::OptionalHeader(header) => key::read(headers, header),
        KeySource::Expression => Ok(None),
    }
}

fn name(shared: &Shared, request: &Request) -> &'static str {
    shared.name.unwrap_or_else(|| operation(request))
}

/// The operation of a route: a method and the route's template. Both come
/// from small sets, so that the names are kept for ever.
fn operation(request: &Request) -> &'static str {
    let method = match *request.method() {
        Method::POST | Method::PUT | Method::PATCH | Method::DELETE => request.method().as_str(),
        _ => "OTHER",
    };
    let path = request.extensions().get::<MatchedPath>();
    let template = path.map_or("other", MatchedPath::as_str);
    intern(&format!("{method} {template}"))
}

/// One copy of each text, for the program's life.
fn intern(text: &str) -> &'static str {
    static TEXTS: Mutex<Option<HashSet<&'static str>>> = Mutex::new(None);
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    let texts = texts.get_or_insert_default();
    if let Some(known) = texts.get(text) {
        return known;
    }
    let leaked: &'static str = Box::leak(text.into());
    texts.insert(leaked);
    leaked
}

impl<S> std::fmt::Debug for IdempotencyService<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IdempotencyService")
            .field("spec", &self.shared.spec)
            .finish_non_exhaustive()
    }
}
