//! Answers of the page: a template, or words about what is not there.

use askama::Template;
use axum::body::Body;
use axum::response::Response;
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderValue, StatusCode};

use super::frame::Frame;

/// A page that only says something.
#[derive(Template)]
#[template(path = "admin/words.html")]
struct Words<'a> {
    frame: &'a Frame,
    title: &'a str,
    sentences: &'a [String],
}

pub(super) fn page(status: StatusCode, page: &impl Template) -> Response {
    let (status, html) = match page.render() {
        Ok(html) => (status, html),
        // Writing to a String cannot fail; what displays itself could.
        Err(error) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("<!doctype html><title>Idempotency</title><p>The page failed: {error:?}"),
        ),
    };
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    response
}

/// A page of a few sentences.
pub(super) fn words(frame: &Frame, status: StatusCode, title: &str, words: &[String]) -> Response {
    page(
        status,
        &Words {
            frame,
            title,
            sentences: words,
        },
    )
}

/// A path that leads nowhere.
pub(super) fn not_found(frame: &Frame) -> Response {
    words(
        frame,
        StatusCode::NOT_FOUND,
        "No such page",
        &["Nothing is at this address. The pages are in the line above.".to_owned()],
    )
}

/// 303: what was posted is done, and is looked at there.
pub(super) fn see_other(to: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    // A path of ours is ASCII without control characters.
    if let Ok(to) = HeaderValue::from_str(to) {
        response.headers_mut().insert(LOCATION, to);
    }
    response
}
