//! What is known of a case beside its messages: where and when, and what was cut.

use serde::{Deserialize, Serialize};

/// Where a case was read from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// `record`, or the format of the file that was imported.
    #[serde(default)]
    pub format: String,
    /// The file, as it was named on the command line.
    #[serde(default)]
    pub file: String,
    /// The line at which the entry begins, from 1.
    #[serde(default)]
    pub line: usize,
}

/// When a case was recorded.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Times {
    /// When the request was sent.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sent: String,
    /// When the answer came.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub answered: String,
    /// µs from the request's arrival to the answer's first byte, where it was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_us: Option<u64>,
    /// µs from the request's arrival to the answer's last byte, where it was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_us: Option<u64>,
}

/// How long bodies were of which only a first part was kept, in bytes.
///
/// A truncated request is never sent again: it would be another request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Truncated {
    /// The request's whole length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<u64>,
    /// The answer's whole length, as far as it was passed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<u64>,
}

/// The files of bodies that are not text or are long, beside the folder of cases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Apart {
    /// The request's body.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub request: String,
    /// The answer's body.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub response: String,
}

impl Source {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Truncated {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Apart {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Times {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
