//! Our own extractors: they run before the key is read and the claim is made,
//! so they leave an attempt in the request that is filled later.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Request};
use http::request::Parts;

use crate::attempt::Attempt;
use crate::key::Key;

/// The request's idempotency key, in an annotated handler.
///
/// ```
/// use idempotent_runtime::http::IdempotencyKey;
/// use idempotent_runtime::idempotent;
///
/// #[idempotent(scope = public)]
/// async fn pay(key: IdempotencyKey) -> String {
///     format!("paid under {} bytes of key", key.get().map_or(0, |key| key.as_str().len()))
/// }
/// ```
#[derive(Debug, Clone, Default)]
pub struct IdempotencyKey(Attempt);

impl IdempotencyKey {
    /// The key; `None` for a call without one (`required = false`), and in a
    /// handler that is not annotated.
    pub fn get(&self) -> Option<&Key> {
        self.0.key()
    }
}

/// Leaves an attempt for an extractor that runs after the key was read.
pub(super) fn reserve(request: &mut Request) {
    request.extensions_mut().get_or_insert_default::<Attempt>();
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(
            parts.extensions.get_or_insert_default::<Attempt>().clone(),
        ))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Attempt {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get_or_insert_default::<Self>().clone())
    }
}
