//! The identity of a record.

use std::fmt;

use crate::key::Key;
use crate::scope::Scope;

/// BLAKE3 of (format version, operation, scope, key), each length-prefixed;
/// keyed when the fleet shares a secret. Stores see no client text as their
/// primary key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId([u8; Self::BYTES]);

/// A digest of the scope, for stores that count a scope's live keys.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ScopeDigest([u8; 16]);

/// Of how ids are made; a change makes every earlier record unfindable.
const FORMAT: u8 = 1;

impl RecordId {
    /// The length of an id, in bytes.
    pub const BYTES: usize = 32;

    /// The id of a key of `operation` within `scope`.
    pub fn of(secret: Option<&[u8; 32]>, operation: &str, scope: &Scope, key: &Key) -> Self {
        let parts = [operation, scope.as_str(), key.as_str()];
        let length = 1 + parts.iter().map(|part| 8 + part.len()).sum::<usize>();
        // Most identities fit the stack, and one call of the hash.
        let mut buffer = [0; 256];
        let digest = if length <= buffer.len() {
            buffer[0] = FORMAT;
            let mut at = 1;
            for part in parts {
                buffer[at..at + 8].copy_from_slice(&(part.len() as u64).to_le_bytes());
                buffer[at + 8..at + 8 + part.len()].copy_from_slice(part.as_bytes());
                at += 8 + part.len();
            }
            let identity = &buffer[..length];
            secret.map_or_else(
                || blake3::hash(identity),
                |key| blake3::keyed_hash(key, identity),
            )
        } else {
            let mut hasher = secret.map_or_else(blake3::Hasher::new, blake3::Hasher::new_keyed);
            hasher.update(&[FORMAT]);
            for part in parts {
                hasher.update(&(part.len() as u64).to_le_bytes());
                hasher.update(part.as_bytes());
            }
            hasher.finalize()
        };
        Self(*digest.as_bytes())
    }

    /// The bytes, as stores keep them.
    pub const fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }

    /// The id of bytes that a store kept.
    pub const fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes)
    }
}

impl ScopeDigest {
    /// The digest of a scope.
    pub fn of(scope: &Scope) -> Self {
        if *scope == Scope::public() {
            return Self([0; 16]);
        }
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&blake3::hash(scope.as_str().as_bytes()).as_bytes()[..16]);
        Self(bytes)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// Lower-case hex, as the logs and the operator's pages show it.
impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecordId({self})")
    }
}

impl fmt::Debug for ScopeDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ScopeDigest({:02x}{:02x}…)", self.0[0], self.0[1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(operation: &str, scope: &str, key: &str) -> RecordId {
        RecordId::of(
            None,
            operation,
            &Scope::of(scope).unwrap(),
            &Key::new(key).unwrap(),
        )
    }

    #[test]
    fn parts_cannot_run_into_each_other() {
        assert_ne!(id("ab", "c", "d"), id("a", "bc", "d"));
        assert_ne!(id("a", "bc", "d"), id("a", "b", "cd"));
    }

    #[test]
    fn long_and_short_identities_are_made_alike() {
        let long = "k".repeat(250);
        let mut hasher = blake3::Hasher::new();
        hasher.update(&[FORMAT]);
        for part in ["operation", "scope", &long] {
            hasher
                .update(&(part.len() as u64).to_le_bytes())
                .update(part.as_bytes());
        }
        assert_eq!(
            id("operation", "scope", &long).as_bytes(),
            hasher.finalize().as_bytes()
        );
    }

    #[test]
    fn the_id_is_golden() {
        assert_eq!(
            id("app::pay", "42", "abc").to_string(),
            "b84a20b5bed4f27eed080e1309dd55b7c723171f4e2283933a6dbbdabea0f50b"
        );
    }
}
