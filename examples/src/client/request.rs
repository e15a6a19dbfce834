//! A request, and its bytes.

use serde_json::Value;

/// A request that is being made.
#[derive(Debug, Clone)]
pub struct Request {
    head: Vec<u8>,
    body: Vec<u8>,
}

impl Request {
    /// A request by GET.
    pub fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    /// A request by POST.
    pub fn post(path: &str) -> Self {
        Self::new("POST", path)
    }

    /// A request by any method.
    pub fn new(method: &str, path: &str) -> Self {
        Self {
            head: format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n").into_bytes(),
            body: Vec::new(),
        }
    }

    /// With one more header; the value is sent as it is.
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.head.extend_from_slice(name.as_bytes());
        self.head.extend_from_slice(b": ");
        self.head.extend_from_slice(value.as_ref());
        self.head.extend_from_slice(b"\r\n");
        self
    }

    /// With an idempotency key; the value is sent as it is.
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// From this account.
    pub fn account(self, account: &str) -> Self {
        self.header("authorization", format!("Bearer {account}"))
    }

    /// With a body of JSON.
    pub fn json(self, value: &Value) -> Self {
        self.body("application/json", value.to_string())
    }

    /// With a body.
    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", content_type)
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let length = format!("content-length: {}\r\n\r\n", self.body.len());
        [&self.head, length.as_bytes(), &self.body].concat()
    }
}
