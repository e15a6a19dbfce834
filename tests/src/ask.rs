//! A request to the service under test, in process.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request};
use axum::response::Response;
use tower::ServiceExt;

use crate::Reply;

/// A request that is being made.
#[derive(Debug)]
#[must_use = "a request does nothing unless it is sent"]
pub struct Ask {
    router: Router,
    request: Request<Body>,
}

impl Ask {
    /// A request to a service of one's own.
    pub fn new(router: Router, method: Method, uri: &str) -> Self {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = method;
        *request.uri_mut() = uri.parse().expect("an uri");
        Self { router, request }
    }

    /// With this idempotency key.
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// From this account.
    pub fn account(self, account: &str) -> Self {
        self.header("authorization", account)
    }

    /// With one more header.
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header's value");
        let name = HeaderName::from_static(name);
        self.request.headers_mut().append(name, value);
        self
    }

    /// With this body.
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        *self.request.body_mut() = body.into();
        self
    }

    /// With this JSON.
    pub fn json(self, text: &'static str) -> Self {
        self.header("content-type", "application/json").body(text)
    }

    /// Sends it, and reads the whole answer. Dropping the future is a client
    /// that hangs up.
    pub async fn send(self) -> Reply {
        Reply::of(self.head().await).await
    }

    /// Sends it; the answer's body is still to come.
    pub async fn head(self) -> Response {
        match self.router.oneshot(self.request).await {
            Ok(response) => response,
        }
    }
}
