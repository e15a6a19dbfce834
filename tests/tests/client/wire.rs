//! The last middleware: it calls a router instead of the network, so that the
//! tests run on tokio's paused clock.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Extensions, HeaderMap, Request as HttpRequest, Response as HttpResponse};
use axum::response::{IntoResponse, Response as Answer};
use axum::routing::any;
use idempotent_runtime::client::IdempotentRetry;
use reqwest::{Request, Response};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware, Error, Middleware, Next, Result};
use tokio::time::Instant;
use tower::ServiceExt;

/// A service, and what it was sent.
#[derive(Clone)]
pub(crate) struct Wire {
    router: Router,
    sent: Arc<Mutex<Vec<(Instant, HeaderMap)>>>,
}

impl Wire {
    /// A service of one's own.
    pub(crate) fn to(router: Router) -> Self {
        Self {
            router,
            sent: Arc::default(),
        }
    }

    /// A service that answers the `n`th request, from 1, with `answer` of `n`.
    pub(crate) fn answering<R: IntoResponse>(
        answer: impl Fn(usize) -> R + Clone + Send + Sync + 'static,
    ) -> Self {
        let mut wire = Self::to(Router::new());
        let sent = Arc::clone(&wire.sent);
        wire.router = Router::new().fallback(any(move || async move {
            let n = sent.lock().unwrap().len();
            answer(n).into_response()
        }));
        wire
    }

    /// A client with this middleware before the service.
    pub(crate) fn client(&self, retry: IdempotentRetry) -> ClientWithMiddleware {
        ClientBuilder::new(reqwest::Client::new())
            .with(retry)
            .with(self.clone())
            .build()
    }

    /// How many requests came.
    pub(crate) fn count(&self) -> usize {
        self.sent.lock().unwrap().len()
    }

    /// What each request had in this header.
    pub(crate) fn header(&self, name: &str) -> Vec<Option<String>> {
        let text = |headers: &HeaderMap| Some(headers.get(name)?.to_str().ok()?.to_owned());
        let sent = self.sent.lock().unwrap();
        sent.iter().map(|(_, headers)| text(headers)).collect()
    }

    /// The milliseconds between two requests.
    pub(crate) fn pauses(&self) -> Vec<u128> {
        let sent = self.sent.lock().unwrap();
        let between = |pair: &[(Instant, HeaderMap)]| (pair[1].0 - pair[0].0).as_millis();
        sent.windows(2).map(between).collect()
    }
}

#[async_trait]
impl Middleware for Wire {
    async fn handle(&self, request: Request, _: &mut Extensions, _: Next<'_>) -> Result<Response> {
        let headers = request.headers().clone();
        self.sent.lock().unwrap().push((Instant::now(), headers));
        let request = HttpRequest::try_from(request).map_err(Error::from)?;
        let answer = self.router.clone().oneshot(request.map(Body::new)).await;
        let (mut parts, body) = answer.map_or_else(|never| match never {}, Answer::into_parts);
        let bytes = to_bytes(body, 1 << 20).await.expect("a body");
        // As a server would.
        parts
            .headers
            .entry("content-length")
            .or_insert(bytes.len().into());
        Ok(Response::from(HttpResponse::from_parts(parts, bytes)))
    }
}
