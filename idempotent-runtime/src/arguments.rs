//! The values of an attribute's expressions, for one call.

use serde::Serialize;

use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::key::{Key, ToKey};
use crate::scope::{Scope, ToScope};

/// What the expressions of the attribute gave; an error runs nothing.
#[derive(Debug)]
pub struct Arguments {
    pub(crate) scope: Result<Scope, Error>,
    pub(crate) key: Option<Result<Key, Error>>,
    pub(crate) fingerprint: Option<Result<Fingerprint, Error>>,
}

impl Arguments {
    /// Those of an attribute without expressions.
    #[allow(clippy::new_without_default)] // said by name in the expansion
    pub const fn new() -> Self {
        Self {
            scope: Ok(Scope::public()),
            key: None,
            fingerprint: None,
        }
    }

    /// The value of `scope = <expr>`.
    #[must_use]
    pub fn scope(self, scope: Result<Scope, Error>) -> Self {
        Self { scope, ..self }
    }

    /// The value of `key = <expr>`.
    #[must_use]
    pub fn key(self, key: Result<Key, Error>) -> Self {
        Self {
            key: Some(key),
            ..self
        }
    }

    /// The value of `fingerprint = <expr>`.
    #[must_use]
    pub fn fingerprint(self, fingerprint: Result<Fingerprint, Error>) -> Self {
        Self {
            fingerprint: Some(fingerprint),
            ..self
        }
    }
}

/// `scope = <expr>`
pub fn scope<S: ToScope + ?Sized>(value: &S) -> Result<Scope, Error> {
    Ok(Scope::of(value)?)
}

/// `key = <expr>`
pub fn key<K: ToKey + ?Sized>(value: &K) -> Result<Key, Error> {
    Ok(value.to_key()?)
}

/// `fingerprint = <expr>`
pub fn fingerprint<F: Serialize + ?Sized>(value: &F) -> Result<Fingerprint, Error> {
    Ok(Fingerprint::of(value)?)
}
