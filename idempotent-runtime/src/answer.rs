//! The stored answer: opaque bytes with a kind, or a tombstone (invariant 9).

use std::fmt;

use bytes::Bytes;

/// What a finished record holds: one byte that tells the kind, then the
/// content. Stores keep [`Answer::as_bytes`] and need not look inside.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer(Bytes);

/// What an [`Answer`] holds; the number is the stored byte, and golden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnswerKind {
    /// An HTTP response, first version of its codec.
    Http = 1,
    /// A function's `Ok` value as JSON.
    Value = 2,
    /// A function's `Err` value as JSON.
    Error = 3,
    /// Done, and cannot be replayed.
    Tombstone = 4,
    /// One of the others under a seal, which the `Encrypted` store opens.
    Sealed = 5,
}

/// Why a finished answer cannot be replayed; the number is the stored byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tombstone {
    /// The answer was over the limit for stored answers.
    TooLarge = 1,
    /// The answer was a stream of unknown length.
    Streaming = 2,
    /// The answer did not serialize.
    NotSerializable = 3,
    /// The answer's body failed after its head.
    BodyFailed = 4,
}

impl Answer {
    /// A tombstone: what ran is remembered, its answer is not.
    pub fn tombstone(reason: Tombstone) -> Self {
        Self(Bytes::copy_from_slice(&[
            AnswerKind::Tombstone as u8,
            reason as u8,
        ]))
    }

    /// An answer of bytes whose first one is the kind.
    pub(crate) fn encoded(bytes: Vec<u8>) -> Self {
        debug_assert!(!bytes.is_empty(), "the first byte is the kind");
        Self(Bytes::from(bytes))
    }

    /// The answer that a store kept.
    pub fn from_bytes(bytes: impl Into<Bytes>) -> Self {
        Self(bytes.into())
    }

    /// The bytes, as stores keep them.
    pub fn as_bytes(&self) -> &Bytes {
        &self.0
    }

    /// What it holds; `None` for a kind that a later version wrote.
    pub fn kind(&self) -> Option<AnswerKind> {
        match self.0.first()? {
            1 => Some(AnswerKind::Http),
            2 => Some(AnswerKind::Value),
            3 => Some(AnswerKind::Error),
            4 => Some(AnswerKind::Tombstone),
            5 => Some(AnswerKind::Sealed),
            _ => None,
        }
    }

    /// The bytes behind the kind.
    pub(crate) fn content(&self) -> Bytes {
        self.0.slice(1.min(self.0.len())..)
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({:?}, {} bytes)", self.kind(), self.0.len())
    }
}
