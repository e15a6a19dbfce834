//! Where records stand among a server's other keys.

use std::sync::Arc;

use crate::record::RecordId;
use crate::store::StoreError;

/// What every key starts with, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Prefix(Arc<str>);

/// Every record carries it, so it is short.
const LONGEST: usize = 64;

impl Prefix {
    /// Checks a prefix. A brace would be a cluster's hash tag: all records
    /// would be in one slot, on one node.
    pub(super) fn new(prefix: &str) -> Result<Self, StoreError> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b":_-./".contains(&byte);
        if !prefix.is_empty() && prefix.len() <= LONGEST && prefix.bytes().all(plain) {
            return Ok(Self(prefix.into()));
        }
        Err(StoreError::Misconfigured {
            what: format!(
                "{prefix:?} cannot be the prefix of the records' keys; take 1 to {LONGEST} of \
                 A-Z, a-z, 0-9 and : _ - . /"
            ),
        })
    }

    /// The key of a record, which is also the name of its channel: so both
    /// are in one slot of a cluster. The id is in hex, as logs show it.
    pub(super) fn key(&self, id: &RecordId) -> Vec<u8> {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut key = Vec::with_capacity(self.0.len() + 2 * RecordId::BYTES);
        key.extend_from_slice(self.0.as_bytes());
        for byte in id.as_bytes() {
            key.push(DIGITS[usize::from(byte >> 4)]);
            key.push(DIGITS[usize::from(byte & 15)]);
        }
        key
    }
}

impl Prefix {
    /// The record that a key is of, if it is one of these.
    pub(super) fn id(&self, key: &[u8]) -> Option<RecordId> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let (pairs, rest) = key.strip_prefix(self.0.as_bytes())?.as_chunks::<2>();
        let mut id = [0; RecordId::BYTES];
        if !rest.is_empty() || pairs.len() != id.len() {
            return None;
        }
        for (byte, [high, low]) in id.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Some(RecordId::from_bytes(id))
    }
}

impl Default for Prefix {
    fn default() -> Self {
        Self("idem:".into())
    }
}

impl std::fmt::Display for Prefix {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_the_prefix_and_the_id_as_logs_show_it() {
        let id = RecordId::from_bytes(std::array::from_fn(|at| u8::try_from(at * 8).unwrap()));
        let key = Prefix::new("app/idem:").unwrap().key(&id);
        assert_eq!(key, format!("app/idem:{id}").as_bytes());
        let prefix = Prefix::new("app/idem:").unwrap();
        assert_eq!(prefix.id(&key), Some(id));
        for other in [
            &key[1..],
            &key[..72],
            &[&key[..], b"0"].concat(),
            b"app/idem:x",
        ] {
            assert_eq!(prefix.id(other), None);
        }
    }

    #[test]
    fn what_would_spoil_keys_or_patterns_is_refused() {
        for wrong in ["", "{a}", "a b", "a*", "ä", "a\n", &"a".repeat(65)] {
            assert!(Prefix::new(wrong).is_err(), "{wrong:?}");
        }
    }
}
