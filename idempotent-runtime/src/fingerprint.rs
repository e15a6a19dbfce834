//! What must be equal between the retries of one operation (invariant 11).

#[cfg(test)]
mod canonical;

use std::fmt;

use serde::Serialize;
use serde_json::Value;

/// A version byte and the BLAKE3 digest of what the caller asked: 33 bytes.
///
/// Two calls with one key and different fingerprints are a client's bug: the
/// second gets an error and runs nothing.
///
/// ```
/// use idempotent_runtime::Fingerprint;
/// use serde_json::json;
///
/// let sent = Fingerprint::of(&json!({"amount": 5, "currency": "EUR"}))?;
/// let again = Fingerprint::of(&json!({"currency": "EUR", "amount": 5}))?;
/// assert_eq!(sent, again); // the order of a map's entries is no difference
/// # Ok::<(), idempotent_runtime::FingerprintError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; Self::BYTES]);

/// Version 0: nothing is compared.
const NONE: u8 = 0;
/// Version 1: an HTTP request's method, original path and query, and body.
#[cfg(feature = "axum")]
const REQUEST: u8 = 1;
/// Version 2: a declared value as canonical JSON.
const DECLARED: u8 = 2;

impl Fingerprint {
    /// The length of a fingerprint, in bytes.
    pub const BYTES: usize = 33;

    /// The fingerprint of operations that compare nothing.
    pub const fn none() -> Self {
        Self([NONE; Self::BYTES])
    }

    /// The fingerprint of a declared value, over its canonical JSON.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, FingerprintError> {
        let value = serde_json::to_value(value).map_err(FingerprintError)?;
        let mut hasher = blake3::Hasher::new();
        digest(&value, &mut hasher);
        Ok(Self::versioned(DECLARED, hasher.finalize()))
    }

    /// The fingerprint of a request whose parts `hasher` has digested.
    #[cfg(feature = "axum")]
    pub(crate) fn of_request(hasher: &blake3::Hasher) -> Self {
        Self::versioned(REQUEST, hasher.finalize())
    }

    fn versioned(version: u8, digest: blake3::Hash) -> Self {
        let mut bytes = [version; Self::BYTES];
        bytes[1..].copy_from_slice(digest.as_bytes());
        Self(bytes)
    }

    /// The bytes, as stores keep them.
    pub const fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }

    /// The fingerprint of bytes that a store kept.
    pub const fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Fingerprint(v{}, {:02x}{:02x}…)",
            self.0[0], self.0[1], self.0[2]
        )
    }
}

/// The value of `fingerprint = <expr>` could not be serialized.
#[derive(Debug, thiserror::Error)]
#[error("the fingerprint expression cannot be serialized; nothing was run")]
pub struct FingerprintError(#[source] serde_json::Error);

/// Feeds `value` unambiguously: a tag per kind, a length before what varies,
/// and a map's entries by sorted name, whatever order `serde_json` keeps.
fn digest(value: &Value, hasher: &mut blake3::Hasher) {
    match value {
        Value::Null => tagged(b'n', &[], hasher),
        Value::Bool(value) => tagged(b'b', &[u8::from(*value)], hasher),
        Value::Number(number) => tagged(b'd', number.to_string().as_bytes(), hasher),
        Value::String(text) => tagged(b's', text.as_bytes(), hasher),
        Value::Array(items) => {
            tagged(b'a', &(items.len() as u64).to_le_bytes(), hasher);
            for item in items {
                digest(item, hasher);
            }
        }
        Value::Object(map) => {
            tagged(b'o', &(map.len() as u64).to_le_bytes(), hasher);
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by_key(|(name, _)| *name);
            for (name, item) in entries {
                tagged(b'k', name.as_bytes(), hasher);
                digest(item, hasher);
            }
        }
    }
}

/// Feeds a kind, a length and bytes.
pub(crate) fn tagged(kind: u8, bytes: &[u8], hasher: &mut blake3::Hasher) {
    hasher.update(&[kind]);
    hasher.update(&(bytes.len() as u64).to_le_bytes());
    hasher.update(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn map_order_is_no_difference_and_structure_is() {
        let forward: HashMap<_, _> = (0..32).map(|n| (format!("k{n}"), n)).collect();
        let backward: HashMap<_, _> = (0..32).rev().map(|n| (format!("k{n}"), n)).collect();
        assert_eq!(
            Fingerprint::of(&forward).unwrap(),
            Fingerprint::of(&backward).unwrap()
        );
        assert_ne!(
            Fingerprint::of(&["ab", "c"]).unwrap(),
            Fingerprint::of(&["a", "bc"]).unwrap()
        );
        assert_ne!(Fingerprint::of(&"1").unwrap(), Fingerprint::of(&1).unwrap());
        assert_ne!(
            Fingerprint::of(&[[1], [2]]).unwrap(),
            Fingerprint::of(&[[1, 2]; 1]).unwrap()
        );
    }

    #[test]
    fn a_value_that_does_not_serialize_is_an_error() {
        assert!(Fingerprint::of(&HashMap::from([((1, 2), 3)])).is_err());
    }
}
