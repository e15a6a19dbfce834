//! Errors of the JSON side, as RFC 9457 problem documents.

use axum::body::Body;
use axum::response::Response;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde_json::json;

/// A problem of this page's own namespace.
pub(super) fn of(status: StatusCode, code: &str, title: &str, detail: &str) -> Response {
    let problem = json!({
        "type": format!("urn:idempotent:admin:problem:{code}"),
        "title": title,
        "status": status.as_u16(),
        "detail": detail,
        "code": code,
    });
    let mut response = Response::new(Body::from(problem.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    response
}

pub(super) fn not_found(detail: &str) -> Response {
    of(StatusCode::NOT_FOUND, "not-found", "Not found", detail)
}
