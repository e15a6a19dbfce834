//! The heads of messages: as they go on, and as a case keeps them.

use http::{HeaderMap, HeaderValue, Request, Version, header, request, response};

use super::{Recorder, copy::Kept};
use crate::{
    case::{self, Response},
    net::Protocol,
};

/// The connection's own, and what would make bodies unreadable.
const DROPPED: &[&str] = &[
    "host",
    "connection",
    "keep-alive",
    "proxy-connection",
    "transfer-encoding",
    "upgrade",
    "http2-settings",
    "accept-encoding",
    "expect",
];

/// A client's request as it goes to the service.
pub(super) fn onward<B>(
    recorder: &Recorder,
    parts: &request::Parts,
    body: B,
) -> Result<Request<B>, String> {
    let mut headers = parts.headers.clone();
    drop_connection(&mut headers);
    join_cookies(&mut headers);
    let target = target(parts);
    let authority = &recorder.upstream.authority;
    let mut request = Request::new(body);
    let uri = match recorder.protocol {
        Protocol::Http1 => {
            let host = HeaderValue::from_str(authority).map_err(|e| e.to_string())?;
            headers.insert(header::HOST, host);
            target
        }
        // The authority goes as a pseudo-header.
        Protocol::H2 => {
            *request.version_mut() = Version::HTTP_2;
            format!("{}://{authority}{target}", recorder.upstream.scheme())
        }
    };
    *request.uri_mut() = uri.parse().map_err(|e| format!("{uri}: {e}"))?;
    *request.method_mut() = parts.method.clone();
    *request.headers_mut() = headers;
    // The names' case goes with them.
    *request.extensions_mut() = parts.extensions.clone();
    Ok(request)
}

/// The service's head as it goes to the client, in the client's own protocol.
pub(super) fn back(mut head: response::Parts) -> response::Parts {
    drop_connection(&mut head.headers);
    head.version = Version::default();
    head
}

fn drop_connection(headers: &mut HeaderMap) {
    let trailers = headers.get(header::TE).is_some_and(|v| v == "trailers");
    for name in DROPPED {
        headers.remove(*name);
    }
    if !trailers {
        headers.remove(header::TE);
    }
}

/// HTTP/2 clients may split them; HTTP/1.1 services read the first one only.
fn join_cookies(headers: &mut HeaderMap) {
    let all: Vec<_> = headers.get_all(header::COOKIE).iter().collect();
    if all.len() > 1 {
        let parts: Vec<_> = all.iter().map(|v| v.as_bytes()).collect();
        if let Ok(joined) = HeaderValue::from_bytes(&parts.join(&b"; "[..])) {
            headers.insert(header::COOKIE, joined);
        }
    }
}

fn target(parts: &request::Parts) -> String {
    let target = parts.uri.path_and_query();
    target.map_or_else(|| "/".to_owned(), ToString::to_string)
}

/// Headers as text, repeated ones as separate pairs.
pub(super) fn pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    let pairs = headers.iter();
    pairs
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.as_str().to_owned(), value.into_owned())
        })
        .collect()
}

/// The request as its case keeps it: secrets masked, no framing.
pub(super) fn request(recorder: &Recorder, parts: &request::Parts, kept: &Kept) -> case::Request {
    let mut headers = parts.headers.clone();
    join_cookies(&mut headers);
    let kind = kind(&headers);
    let url = format!("{}{}", recorder.upstream.url, target(parts));
    case::Request {
        method: parts.method.to_string(),
        url: recorder.masks.url(url),
        headers: recorder.masks.headers(pairs(&headers)),
        body: recorder.masks.body(kept.bytes.clone(), &kind),
    }
}

/// The answer as its case keeps it.
pub(super) fn response(
    recorder: &Recorder,
    status: u16,
    headers: Vec<(String, String)>,
    kept: Kept,
) -> Response {
    let kind = headers.iter().find(|(n, _)| n == "content-type");
    let kind = kind.map_or("", |(_, v)| v.as_str()).to_owned();
    Response {
        status,
        headers: recorder.masks.headers(headers),
        body: recorder.masks.body(kept.bytes, &kind),
    }
}

fn kind(headers: &HeaderMap) -> String {
    let kind = headers.get(header::CONTENT_TYPE);
    kind.map_or_else(String::new, |v| {
        String::from_utf8_lossy(v.as_bytes()).into_owned()
    })
}
