//! The small world of the passing shapes: a state with a store and a counter of
//! effects, and two calls of one key that must have one effect.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::routing::MethodRouter;
use idempotent_runtime::Idempotency;
use serde::{Deserialize, Serialize};
use tower::ServiceExt;

#[derive(Clone, FromRef)]
pub struct App {
    pub idempotency: Idempotency,
    pub effects: Effects,
}

impl App {
    pub fn new() -> Self {
        Self {
            idempotency: Idempotency::in_memory(),
            effects: Effects::default(),
        }
    }
}

/// How often a body had its effect.
#[derive(Clone, Default)]
pub struct Effects(Arc<AtomicU64>);

impl Effects {
    /// One more effect; the answer tells which.
    pub fn add(&self) -> u64 {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }

    pub fn count(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// The caller, as an authentication would find it.
#[derive(Clone)]
pub struct Account {
    pub id: String,
    pub shard: u32,
}

impl<S: Sync> FromRequestParts<S> for Account {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let id = parts
            .headers
            .get("authorization")
            .ok_or(StatusCode::UNAUTHORIZED)?;
        let id = id
            .to_str()
            .map_err(|_| StatusCode::UNAUTHORIZED)?
            .to_owned();
        Ok(Self { id, shard: 3 })
    }
}

/// A request's body, and an event.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Order {
    pub id: String,
    pub amount: u64,
}

impl Order {
    pub fn new() -> Self {
        Self {
            id: "order-1".into(),
            amount: 5,
        }
    }
}

/// A function's error.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Refused(pub String);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<idempotent_runtime::Error> for Refused {
    fn from(error: idempotent_runtime::Error) -> Self {
        Self(error.to_string())
    }
}

/// Given a handler, when a request is sent twice, then the second gets the
/// stored answer of the first.
pub async fn replays(handler: MethodRouter<App>) {
    let app = App::new();
    let router = Router::new().route("/{id}", handler).with_state(app);
    let (status, first, headers) = send(&router).await;
    assert!(status.is_success(), "{status} {first}");
    assert!(!headers.contains_key("idempotent-replayed"), "{first}");
    let (again, second, headers) = send(&router).await;
    assert_eq!((status, first), (again, second));
    assert_eq!(headers["idempotent-replayed"], "true");
}

/// A request with everything that the extractors of the shapes look for.
pub async fn send(router: &Router) -> (StatusCode, String, HeaderMap) {
    let request = Request::post("/7?page=2")
        .header("authorization", "alice")
        .header("idempotency-key", "key-1")
        .header("content-type", "application/json")
        .body(Body::from(r#"{"id": "order-1", "amount": 5}"#))
        .expect("a request");
    let response = router.clone().oneshot(request).await.expect("an answer");
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, 1 << 20).await.expect("a body");
    (
        parts.status,
        String::from_utf8_lossy(&body).into_owned(),
        parts.headers,
    )
}
