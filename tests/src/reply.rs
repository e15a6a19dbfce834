//! An answer of the service under test.

use axum::body::{Bytes, to_bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::Value;

/// An answer, read whole.
#[derive(Debug)]
pub struct Reply {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, or `None` if that failed on the way.
    pub body: Option<Bytes>,
}

impl Reply {
    /// The answer of a response.
    pub async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        Self {
            status: parts.status,
            headers: parts.headers,
            body: to_bytes(body, usize::MAX).await.ok(),
        }
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        let body = self.body.as_ref().expect("a body that came whole");
        std::str::from_utf8(body).expect("a body of text")
    }

    /// Status and body.
    pub fn answer(&self) -> (u16, &str) {
        (self.status.as_u16(), self.text())
    }

    /// Whether it is marked as replayed.
    pub fn is_replay(&self) -> bool {
        self.header("idempotent-replayed") == Some("true")
    }

    /// A header, once there.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next()?.to_str().expect("a header of text");
        assert!(values.next().is_none(), "{name} stands there twice");
        Some(value)
    }

    /// All values of a header.
    pub fn headers(&self, name: &str) -> Vec<&[u8]> {
        let values = self.headers.get_all(name).iter();
        values.map(HeaderValue::as_bytes).collect()
    }

    /// The problem document that it is.
    pub fn problem(&self) -> Value {
        let kind = self.header("content-type");
        assert_eq!(kind, Some("application/problem+json"), "{self:?}");
        serde_json::from_str(self.text()).expect("a problem document")
    }

    /// The status and code of the problem that it is.
    pub fn refusal(&self) -> (u16, String) {
        let code = self.problem()["code"].as_str().map(str::to_owned);
        (self.status.as_u16(), code.expect("a problem's code"))
    }
}

/// `reply.refusal()` as it is written: `(409, "in-flight")`.
impl PartialEq<(u16, &str)> for Reply {
    fn eq(&self, other: &(u16, &str)) -> bool {
        let (status, code) = self.refusal();
        (status, code.as_str()) == *other
    }
}
