//! A request as bytes.

use std::fmt::Write as _;

use super::Target;
use crate::case::{Request, Url};

/// Headers that would change the answer's framing.
pub(super) const NOT_SENT: &[&str] = &["accept-encoding", "if-none-match", "if-modified-since"];

/// Encodes a request for HTTP/1.1 on a connection that is kept.
pub(crate) fn encode(request: &Request, authority: &str) -> Vec<u8> {
    let target = Url::parse(&request.url).map_or_else(|_| request.url.clone(), |u| u.target());
    let mut out = format!(
        "{} {target} HTTP/1.1\r\nHost: {authority}\r\n",
        request.method
    );
    for (name, value) in &request.headers.0 {
        if !NOT_SENT.iter().any(|n| name.eq_ignore_ascii_case(n)) {
            let _ = write!(out, "{name}: {value}\r\n");
        }
    }
    let bodied = matches!(request.method.as_str(), "POST" | "PUT" | "PATCH");
    if bodied || !request.body.is_empty() {
        let _ = write!(out, "Content-Length: {}\r\n", request.body.0.len());
    }
    out.push_str("\r\n");
    let mut bytes = out.into_bytes();
    bytes.extend_from_slice(&request.body.0);
    bytes
}

/// A request that changes nothing, whose answer has no body.
pub(crate) fn harmless(target: &Target) -> Vec<u8> {
    format!("HEAD / HTTP/1.1\r\nHost: {}\r\n\r\n", target.authority).into_bytes()
}
