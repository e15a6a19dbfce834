//! What a request asks: method, original path and query, and the whole body
//! (invariant 11). Headers are no part of it: they differ between retries.

use std::error::Error;

use axum::RequestExt;
use axum::body::Body;
use axum::extract::{OriginalUri, Request};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use http_body_util::{BodyExt, LengthLimitError};

use super::multipart;
use crate::fingerprint::{Fingerprint, tagged};

/// The request with its body read whole, and its fingerprint. A body over
/// axum's own limit is refused, never digested in part.
pub(super) async fn digested(request: Request) -> Result<(Request, Fingerprint), Response> {
    let (parts, body) = request.with_limited_body().into_parts();
    let body = body
        .collect()
        .await
        .map_err(|error| refused(&error))?
        .to_bytes();
    let fingerprint = of(&parts, &body);
    Ok((Request::from_parts(parts, Body::from(body)), fingerprint))
}

/// As axum's own extractors refuse such a body.
fn refused(error: &axum::Error) -> Response {
    let mut cause: Option<&dyn Error> = Some(error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            let text = "the request body is over the limit; send a smaller one";
            return (StatusCode::PAYLOAD_TOO_LARGE, text).into_response();
        }
        cause = error.source();
    }
    (
        StatusCode::BAD_REQUEST,
        "the request body could not be read",
    )
        .into_response()
}

fn of(parts: &Parts, body: &[u8]) -> Fingerprint {
    // Within a nested router `parts.uri` has lost its prefix.
    let uri = parts
        .extensions
        .get::<OriginalUri>()
        .map_or(&parts.uri, |original| &original.0);
    let mut hasher = blake3::Hasher::new();
    tagged(b'm', parts.method.as_str().as_bytes(), &mut hasher);
    tagged(b'p', uri.path().as_bytes(), &mut hasher);
    tagged(
        b'q',
        uri.query().unwrap_or_default().as_bytes(),
        &mut hasher,
    );
    match multipart::boundary(&parts.headers) {
        Some(boundary) => multipart::digest(&boundary, body, &mut hasher),
        None => tagged(b'b', body, &mut hasher),
    }
    Fingerprint::of_request(&hasher)
}
