//! Who calls: authentication, and so the scope of every key.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use idempotent_runtime::{ScopeParts, ToScope};

use super::error::ApiError;

/// An authenticated account.
///
/// It is an extractor, so that a replay is authenticated like the first call:
/// what a handler's body checks is not checked again.
#[derive(Debug, Clone)]
pub(super) struct Account(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Account {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let value = parts.headers.get(AUTHORIZATION);
        value
            .and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, account)| account.trim())
            .filter(|account| !account.is_empty())
            .map(|account| Self(account.to_owned()))
            .ok_or(ApiError::NotAuthenticated)
    }
}

impl ToScope for Account {
    fn write(&self, parts: &mut ScopeParts) {
        parts.push(&self.0);
    }
}
