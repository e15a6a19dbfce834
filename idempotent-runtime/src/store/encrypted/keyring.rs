//! The keys that seal and open answers, by their ids.

use std::fmt;

use chacha20poly1305::{KeyInit, XChaCha20Poly1305};

use super::seal;
use crate::answer::Answer;
use crate::record::RecordId;
use crate::store::StoreError;

/// The keys of a fleet: the first one seals, any opens.
///
/// The ids are yours, and are stored beside each answer in the clear. Key
/// material shows in no `Debug`, and is wiped when the ring is dropped; copies
/// of it in your own variables are yours to wipe.
pub struct Keyring {
    keys: Vec<(u32, XChaCha20Poly1305)>,
}

/// A key was added under an id that another key of the ring has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the keyring has another key with the id {id}; give each key an id of its own, for good")]
pub struct KeyIdTaken {
    id: u32,
}

impl Keyring {
    /// A ring of one key, which seals: 32 bytes of a good random source, not
    /// a password.
    pub fn new(id: u32, key: &[u8; 32]) -> Self {
        Self {
            keys: vec![(id, cipher(key))],
        }
    }

    /// With another key, which opens what it sealed, or will seal.
    pub fn and(mut self, id: u32, key: &[u8; 32]) -> Result<Self, KeyIdTaken> {
        if self.key(id).is_some() {
            return Err(KeyIdTaken { id });
        }
        self.keys.push((id, cipher(key)));
        Ok(self)
    }

    /// The answer, sealed for this record.
    pub(super) fn seal(&self, record: &RecordId, answer: &Answer) -> Result<Answer, StoreError> {
        let mut nonce = [0; seal::NONCE];
        getrandom::fill(&mut nonce).map_err(|_| {
            StoreError::unavailable("complete", "the system gave no randomness for a nonce")
        })?;
        // A ring has a first key from the start.
        let (id, cipher) = &self.keys[0];
        seal::seal(cipher, *id, record, answer, nonce)
    }

    /// The answer that was sealed for this record.
    pub(super) fn open(&self, record: &RecordId, sealed: &Answer) -> Result<Answer, StoreError> {
        let corrupt = |what: String| StoreError::Corrupt {
            what: format!("the sealed answer of record {record} {what}"),
        };
        let parts = seal::Parts::of(sealed).map_err(|what| corrupt(what.into()))?;
        let cipher = self.key(parts.key).ok_or_else(|| {
            let ids: Vec<_> = self.keys.iter().map(|(id, _)| id.to_string()).collect();
            corrupt(format!(
                "needs key {}, and this keyring has {}; add it, or forget the record",
                parts.key,
                ids.join(", ")
            ))
        })?;
        parts.open(cipher, record).ok_or_else(|| {
            corrupt(format!(
                "does not open with key {}: it was altered, or is another record's, or the key \
                 of this id is another one; find out who wrote it, or forget the record",
                parts.key
            ))
        })
    }

    fn key(&self, id: u32) -> Option<&XChaCha20Poly1305> {
        let found = self.keys.iter().find(|(key, _)| *key == id);
        found.map(|(_, cipher)| cipher)
    }
}

fn cipher(key: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.into())
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids = self.keys.iter().map(|(id, _)| id);
        f.write_str("Keyring ")?;
        f.debug_list().entries(ids).finish()
    }
}
