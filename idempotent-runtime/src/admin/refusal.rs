//! Why something was not done: one text for the page and for the JSON side.

use axum::response::Response;
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};

use super::frame::Frame;
use super::{problem, respond};
use crate::store::StoreError;

#[derive(Debug)]
pub(super) enum Refusal {
    /// The page only reads.
    ReadOnly,
    /// The layer named nobody.
    NoOperator,
    /// This operator may not.
    NotPermitted,
    /// The form was sent from another site, or one cannot tell.
    Foreign,
    /// The form's token is not for this.
    Token,
    /// What was sent cannot be read.
    Unreadable(String),
    /// The record is not what it was when the form was made.
    MovedOn,
    /// The record is stuck: there is no lease to end.
    LeaseOver,
    NoRecord,
    NoFinding,
    /// The store has no such verb.
    Unsupported(&'static str),
    Store(StoreError),
}

impl Refusal {
    fn parts(&self) -> (StatusCode, &'static str, &'static str, String) {
        let (status, code, title, detail) = match self {
            Self::ReadOnly => (
                StatusCode::FORBIDDEN,
                "read-only",
                "This page only reads",
                "Actions are not enabled here. Whoever mounts the page enables them by `.actions()`.",
            ),
            Self::NoOperator => (
                StatusCode::FORBIDDEN,
                "no-operator",
                "Nobody is named",
                "Actions need an operator: the authentication in front of the page must put one \
                 into the request.",
            ),
            Self::NotPermitted => (
                StatusCode::FORBIDDEN,
                "not-permitted",
                "You may only read",
                "Your authentication does not let you act here. Ask who runs it for the permission.",
            ),
            Self::Foreign => (
                StatusCode::FORBIDDEN,
                "foreign-origin",
                "Sent from elsewhere",
                "This did not come from a form of this page, so nothing was done. Open the record \
                 here, and try again.",
            ),
            Self::Token => (
                StatusCode::FORBIDDEN,
                "token-refused",
                "The form is too old",
                "A form holds for this and the next hour, for one operator, one action and one \
                 attempt. Nothing was done. Open the record again. Where it happens with a fresh \
                 form, processes do not share a secret: set `secret` to the same in all.",
            ),
            Self::MovedOn => (
                StatusCode::CONFLICT,
                "moved-on",
                "The record has moved on",
                "Since the form was made, another attempt has begun, or this one has ended. Nothing \
                 was done. Look at the record as it is now, and decide again.",
            ),
            Self::LeaseOver => (
                StatusCode::CONFLICT,
                "lease-over",
                "The lease is over already",
                "Nothing was done, and nothing needs to be: the next retry of the same request \
                 takes over and runs the body again.",
            ),
            Self::NoRecord => (
                StatusCode::NOT_FOUND,
                "no-record",
                "No record",
                "Never seen, expired, released or forgotten. A first request with this key runs.",
            ),
            Self::NoFinding => (
                StatusCode::NOT_FOUND,
                "no-finding",
                "No such finding",
                "It was dismissed, made room for a later one, or is another process's: findings \
                 live in the process that made them, until its end.",
            ),
            Self::Unreadable(detail) => (
                StatusCode::BAD_REQUEST,
                "unreadable",
                "Not understood",
                detail.as_str(),
            ),
            Self::Unsupported(verb) => {
                let detail = format!(
                    "This store has no `{verb}`. Exact look-ups work on every store; lists, counts \
                     and actions need its own verb."
                );
                let status = StatusCode::NOT_IMPLEMENTED;
                return (status, "unsupported", "The store cannot do this", detail);
            }
            Self::Store(
                error @ (StoreError::Corrupt { .. } | StoreError::Misconfigured { .. }),
            ) => {
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                return (
                    status,
                    "store-unusable",
                    "The store cannot be read",
                    sentence(error),
                );
            }
            Self::Store(error) => {
                let status = StatusCode::SERVICE_UNAVAILABLE;
                return (
                    status,
                    "store-unavailable",
                    "The store does not answer",
                    sentence(error),
                );
            }
        };
        (status, code, title, detail.to_owned())
    }

    /// The sentence about it.
    pub(super) fn detail(&self) -> String {
        self.parts().3
    }

    /// Its name, for the audit.
    pub(super) fn code(&self) -> &'static str {
        self.parts().1
    }

    pub(super) fn page(&self, frame: &Frame) -> Response {
        let (status, _, title, detail) = self.parts();
        with_pause(respond::words(frame, status, title, &[detail]))
    }

    pub(super) fn problem(&self) -> Response {
        let (status, code, title, detail) = self.parts();
        with_pause(problem::of(status, code, title, &detail))
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unsupported { verb } => Self::Unsupported(verb),
            error => Self::Store(error),
        }
    }
}

/// An error's text, as a sentence.
pub(super) fn sentence(error: &StoreError) -> String {
    let text = error.to_string();
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), chars.as_str())
}

/// 503 says when to come again.
fn with_pause(mut response: Response) -> Response {
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}
