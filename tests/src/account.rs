//! The caller, as an authentication would find it.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;

/// What the `Authorization` header says; without one the request gets 401.
#[derive(Debug, Clone)]
pub struct Account(pub String);

impl<S: Sync> FromRequestParts<S> for Account {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let header = parts.headers.get("authorization");
        let header = header.ok_or(StatusCode::UNAUTHORIZED)?.to_str();
        Ok(Self(
            header.map_err(|_| StatusCode::UNAUTHORIZED)?.to_owned(),
        ))
    }
}
