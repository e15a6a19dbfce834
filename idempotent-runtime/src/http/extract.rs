//! Our own extractors: they run before the key is read and the claim is made,
//! so they leave a slot in the request that is filled later.

use std::convert::Infallible;
use std::sync::{Arc, OnceLock};

use axum::extract::FromRequestParts;
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
pub struct IdempotencyKey(Arc<OnceLock<Key>>);

impl IdempotencyKey {
    /// The key; `None` for a call without one (`required = false`), and in a
    /// handler that is not annotated.
    pub fn get(&self) -> Option<&Key> {
        self.0.get()
    }

    pub(super) fn fill(&self, key: &Key) {
        // A request has one guard, which fills it once.
        let _ = self.0.set(key.clone());
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get_or_insert_default::<Self>().clone())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Attempt {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get_or_insert_default::<Self>().clone())
    }
}
