//! From a stored answer to a response.

use axum::body::Body;
use axum::response::Response;
use http::header::{CACHE_CONTROL, HeaderName, HeaderValue};

use super::{codec, problem};
use crate::error::Error;
use crate::outcome::Done;
use crate::settings::Settings;

/// Marks a replayed response, with the value `true`.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// The stored response, marked as replayed.
pub(super) fn replay(done: &Done, settings: &Settings) -> Response {
    let Some(stored) = codec::decode(&done.answer) else {
        return problem::of(&Error::NotReplayable, settings);
    };
    let mut response = Response::new(Body::from(stored.body));
    *response.status_mut() = stored.status;
    *response.headers_mut() = stored.headers;
    let headers = response.headers_mut();
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}
