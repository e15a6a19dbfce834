//! From a handler's response to what is stored and what is sent. The response
//! reaches its caller whole, whatever can be stored of it (invariant 9).

use axum::Error;
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http_body::{Body as _, Frame};
use http_body_util::BodyExt;

use super::caught::caught;
use super::codec;
use crate::answer::{Answer, Tombstone};
use crate::settings::Settings;

/// The answer of a response, and the response again.
pub(super) async fn capture(response: Response, settings: &Settings) -> (Answer, Response) {
    let (parts, body) = response.into_parts();
    let limit = settings.max_answer_bytes as u64;
    let reason = match body.size_hint().exact() {
        Some(length) if length <= limit => None,
        Some(_) => Some(Tombstone::TooLarge),
        None => Some(Tombstone::Streaming),
    };
    if let Some(reason) = reason {
        return (Answer::tombstone(reason), Response::from_parts(parts, body));
    }
    let collected = caught(body.collect(), |collected| collected).await;
    let collected = collected.unwrap_or_else(|| Err(Error::new("the response's body panicked")));
    match collected {
        Err(error) => {
            let failed = Body::new(Failed(Some(error)));
            (
                Answer::tombstone(Tombstone::BodyFailed),
                Response::from_parts(parts, failed),
            )
        }
        // Trailers are for this caller only.
        Ok(collected) if collected.trailers().is_some() => {
            let body = Body::new(collected);
            (
                Answer::tombstone(Tombstone::Streaming),
                Response::from_parts(parts, body),
            )
        }
        Ok(collected) => {
            let body = collected.to_bytes();
            let dropped = Dropped::of(&parts.headers, body.is_empty(), settings);
            let keep = |name: &HeaderName| !dropped.contains(name);
            let answer = codec::encode(parts.status, &parts.headers, keep, &body);
            (answer, Response::from_parts(parts, Body::from(body)))
        }
    }
}

/// Headers that are true of one transmission, or of one caller's browser.
struct Dropped<'a> {
    headers: &'a HeaderMap,
    empty_body: bool,
    allowed: &'a [HeaderName],
}

impl<'a> Dropped<'a> {
    fn of(headers: &'a HeaderMap, empty_body: bool, settings: &'a Settings) -> Self {
        Self {
            headers,
            empty_body,
            allowed: &settings.replayed_headers,
        }
    }

    fn contains(&self, name: &HeaderName) -> bool {
        if *name == header::CONTENT_TYPE {
            return false;
        }
        if *name == header::SET_COOKIE || name.as_str().starts_with("access-control-") {
            return !self.allowed.contains(name);
        }
        matches!(
            *name,
            header::CONNECTION
                | header::DATE
                | header::PROXY_AUTHENTICATE
                | header::TE
                | header::TRAILER
                | header::TRANSFER_ENCODING
                | header::UPGRADE
        ) || matches!(name.as_str(), "keep-alive" | "proxy-connection")
            // Recomputed; without a body it speaks of another (HEAD, 304).
            || (*name == header::CONTENT_LENGTH && !self.empty_body)
            || self.is_named_by_connection(name)
    }

    fn is_named_by_connection(&self, name: &HeaderName) -> bool {
        let named = |value: &HeaderValue| {
            value
                .as_bytes()
                .split(|byte| *byte == b',')
                .any(|named| named.trim_ascii().eq_ignore_ascii_case(name.as_ref()))
        };
        self.headers.get_all(header::CONNECTION).iter().any(named)
    }
}

/// The body of a response whose own body failed: the caller sees it fail.
struct Failed(Option<Error>);

impl http_body::Body for Failed {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<Frame<Bytes>, Error>>> {
        std::task::Poll::Ready(self.0.take().map(Err))
    }
}
