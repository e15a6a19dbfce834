//! Requests, made before the clock starts.

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Request};

/// Makes requests of one body.
#[derive(Clone)]
pub struct Requests {
    body: Bytes,
    cookie: Option<HeaderValue>,
}

impl Requests {
    /// Requests, with the cookie of a session where a subject needs one.
    pub fn new(cookie: Option<HeaderValue>) -> Self {
        let body = serde_json::to_vec(&crate::handler::new_payment()).expect("it serializes");
        Self {
            body: body.into(),
            cookie,
        }
    }

    /// A request with this key.
    pub fn with_key(&self, key: u64) -> Request<Body> {
        let mut request = Request::post("/pay")
            .header("content-type", "application/json")
            .header(
                "idempotency-key",
                format!("8e03978e-40d5-43dd-bc93-{key:012x}"),
            )
            .body(Body::from(self.body.clone()))
            .expect("a request");
        if let Some(cookie) = &self.cookie {
            request.headers_mut().insert("cookie", cookie.clone());
        }
        request
    }
}
