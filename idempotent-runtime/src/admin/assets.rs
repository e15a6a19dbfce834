//! The style sheet and the script, in the binary: named by their content, so
//! that a browser may keep them for ever.

use std::sync::LazyLock;

use axum::body::Body;
use axum::response::Response;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use super::respond;
use super::tail::Tail;

pub(super) struct Asset {
    name: LazyLock<String>,
    content: &'static str,
    kind: &'static str,
}

const CSS: &str = include_str!("../../templates/admin/style.css");
const JS: &str = include_str!("../../templates/admin/live.js");

pub(super) static STYLE: Asset = Asset {
    name: LazyLock::new(|| named(CSS, "css")),
    content: CSS,
    kind: "text/css; charset=utf-8",
};

pub(super) static SCRIPT: Asset = Asset {
    name: LazyLock::new(|| named(JS, "js")),
    content: JS,
    kind: "text/javascript; charset=utf-8",
};

fn named(content: &str, extension: &str) -> String {
    let hash = blake3::hash(content.as_bytes()).to_hex();
    format!("{}.{extension}", &hash[..16])
}

impl Asset {
    /// Its path within the page.
    pub(super) fn path(&self) -> String {
        format!("/assets/{}", *self.name)
    }
}

/// `GET /assets/{name}`.
pub(super) async fn get(Tail([name]): Tail<1>, frame: super::frame::Frame) -> Response {
    let Some(asset) = [&STYLE, &SCRIPT].into_iter().find(|it| *it.name == name) else {
        return respond::not_found(&frame);
    };
    let mut response = Response::new(Body::from(asset.content));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    headers.insert(
        CACHE_CONTROL,
        HeaderValue::from_static("private, max-age=31536000, immutable"),
    );
    response
}
