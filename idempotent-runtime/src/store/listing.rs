//! What an operator's list asks of a store, and gets: a page at a time, by
//! key set, with a bound on what a page may read.

#[cfg(any(
    feature = "sqlite",
    feature = "postgres",
    feature = "mysql",
    feature = "redis"
))]
mod pace;
mod place;

use std::fmt;
use std::str::FromStr;

#[cfg(any(
    feature = "sqlite",
    feature = "postgres",
    feature = "mysql",
    feature = "redis"
))]
pub(crate) use self::pace::Pace;
pub(crate) use self::place::{MOST_SCANNED, Order, Place};

use crate::record::RecordView;

/// Which records a page of [`Store::list`](super::Store::list) shows.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Listing {
    /// Only records in this state; all that have not expired where `None`.
    pub state: Option<ListedState>,
    /// Only records of this operation.
    pub operation: Option<String>,
    /// Where the page before ended.
    pub after: Option<Cursor>,
    /// The most records of the page; a store gives at most 1,000.
    pub limit: u16,
}

/// The states that a list can be narrowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ListedState {
    /// Under a live lease.
    Running,
    /// The lease ran out, and nobody took over yet.
    Stuck,
    /// Released, for a retry.
    Free,
    /// Finished, tombstones included.
    Done,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Page {
    /// What was found. Running and stuck ones come by the end of their lease,
    /// the one that runs out first before the others; all others by the time
    /// from which a sweep may delete them, the last one first. A store without
    /// such an index says so by `is_ordered`. No list reads answers: it may show
    /// a tombstone as done, and no answer's size.
    pub records: Vec<RecordView>,
    /// Where to go on; `None` at the end. A page may be empty and still have
    /// more behind it, where its bound was met before a match.
    pub next: Option<Cursor>,
    /// How many records were read for this page, as far as the store knows;
    /// never fewer than it shows.
    pub scanned: u64,
    /// About how many there are to read in all, where the store knows.
    pub total: Option<u64>,
    /// Whether the order is the one above, and no record comes twice unless it
    /// moved on between two pages.
    pub is_ordered: bool,
}

/// Where a page ended, in the store's own terms: at most 64 bytes, written as
/// hex, which an URL can carry.
#[derive(Clone, PartialEq, Eq)]
pub struct Cursor(Vec<u8>);

/// A text is no [`Cursor`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no cursor of a list; begin again at its first page")]
pub struct CursorUnreadable;

impl Listing {
    /// The first page of all records, of at most 50.
    pub const fn first() -> Self {
        Self {
            state: None,
            operation: None,
            after: None,
            limit: 50,
        }
    }
}

impl Cursor {
    const MAX_BYTES: usize = 64;

    /// A cursor of at most 64 bytes of a store's own.
    pub fn new(bytes: &[u8]) -> Result<Self, CursorUnreadable> {
        if bytes.is_empty() || bytes.len() > Self::MAX_BYTES {
            return Err(CursorUnreadable);
        }
        Ok(Self(bytes.to_vec()))
    }

    /// A cursor of a store of this crate, which keeps the bound.
    pub(crate) fn of(bytes: Vec<u8>) -> Self {
        debug_assert!((1..=Self::MAX_BYTES).contains(&bytes.len()));
        Self(bytes)
    }

    /// The store's own bytes. They came from outside: a store checks them.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cursor({self})")
    }
}

impl FromStr for Cursor {
    type Err = CursorUnreadable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digit = |byte: u8| char::from(byte).to_digit(16).ok_or(CursorUnreadable);
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if !rest.is_empty() || pairs.len() > Self::MAX_BYTES {
            return Err(CursorUnreadable);
        }
        let bytes: Result<Vec<u8>, _> = pairs
            .iter()
            .map(|[high, low]| Ok((digit(*high)? * 16 + digit(*low)?).to_le_bytes()[0]))
            .collect();
        Self::new(&bytes?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_from_what_it_was_written_as() {
        let cursor = Cursor::new(&[0, 1, 0x9f, 0xff]).unwrap();
        assert_eq!(cursor.to_string(), "00019fff");
        assert_eq!("00019FFF".parse(), Ok(cursor));
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        let long = "00".repeat(65);
        for text in ["", "0", "0g", "+1", "é0", long.as_str()] {
            assert_eq!(text.parse::<Cursor>(), Err(CursorUnreadable), "{text}");
        }
    }
}
