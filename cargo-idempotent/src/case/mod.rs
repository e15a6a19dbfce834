//! A case: one request and the answer it got, as recorded, and as kept on disk.
//!
//! Every format is read into this shape and written from it. What a format has
//! beyond it is carried in `kept`, so that export gives it back.

mod about;
mod body;
#[cfg_attr(
    not(feature = "cli"),
    allow(dead_code, reason = "the recorder's and the reports'")
)]
pub(crate) mod fields;
mod files;
mod headers;
#[cfg_attr(
    not(feature = "cli"),
    allow(dead_code, reason = "the recorder's and the runner's")
)]
mod secret;
mod url;

pub use about::{Apart, Source, Times, Truncated};
pub use body::Body;
pub use files::{load, next, read, save, save_as};
#[cfg(feature = "cli")]
pub(crate) use headers::is_secret;
pub use headers::{Headers, mask, secret_env, secret_name};
pub(crate) use secret::placeholder;
#[cfg(feature = "cli")]
pub(crate) use secret::{fill, in_text as secret_names, names};
pub use url::{Url, decode, path_segments};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The version of the case files that this crate writes.
pub const VERSION: u32 = 1;

/// One request and its recorded answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The version of the file's shape: [`VERSION`].
    pub version: u32,
    /// The case's name, unique within its folder.
    pub name: String,
    /// Where the case was read from.
    #[serde(default, skip_serializing_if = "Source::is_empty")]
    pub source: Source,
    /// What was sent.
    pub request: Request,
    /// What came back; formats such as curl have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Response>,
    /// Fields that the recorder took for varying (`body.a.b`, `header.Date`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub noise: Vec<String>,
    /// When it was recorded, as the source wrote it.
    #[serde(default, skip_serializing_if = "Times::is_empty")]
    pub times: Times,
    /// The client's connection, counted from 1 within one recording session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<u64>,
    /// Which bodies are not whole: the recorder's bound cut them.
    #[serde(default, skip_serializing_if = "Truncated::is_empty")]
    pub truncated: Truncated,
    /// Files that hold bodies; empty in memory, where bodies are in their place.
    #[serde(default, skip_serializing_if = "Apart::is_empty")]
    pub apart: Apart,
    /// The source format's other fields, by format.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub kept: Map<String, Value>,
}

/// What was sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The method, upper case.
    pub method: String,
    /// The absolute URL.
    pub url: String,
    /// The headers in their order, without those that framing makes.
    #[serde(default, skip_serializing_if = "Headers::is_empty")]
    pub headers: Headers,
    /// The body's bytes.
    #[serde(default, skip_serializing_if = "Body::is_empty")]
    pub body: Body,
}

/// What came back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers in their order, repeated ones as separate entries.
    #[serde(default, skip_serializing_if = "Headers::is_empty")]
    pub headers: Headers,
    /// The body's bytes, with any transfer or content encoding undone.
    #[serde(default, skip_serializing_if = "Body::is_empty")]
    pub body: Body,
}

impl Case {
    /// A case of a request alone.
    pub fn new(name: impl Into<String>, request: Request) -> Self {
        Self {
            version: VERSION,
            name: name.into(),
            source: Source::default(),
            request,
            response: None,
            noise: Vec::new(),
            times: Times::default(),
            connection: None,
            truncated: Truncated::default(),
            apart: Apart::default(),
            kept: Map::new(),
        }
    }

    /// Whether the answer, if there is one, says that the request was done.
    pub fn succeeded(&self) -> Option<bool> {
        self.response
            .as_ref()
            .map(|r| (200..400).contains(&r.status))
    }
}
