//! How a page is read, whatever the store: its order, its size, and the cursor
//! of a list in that order, by which no page reads again what one before it
//! has read.

use super::{Cursor, ListedState, Listing};
use crate::record::{RecordId, RecordView, State, StoreTime};
use crate::store::StoreError;

/// How many records a page may read to find its own.
pub(crate) const MOST_SCANNED: u64 = 10_000;
/// The most records of a page, whatever its caller wants.
const LARGEST: u16 = 1_000;

/// What a list is ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// The end of the lease, upwards, and then the id.
    Lease,
    /// The end of the life, downwards, and then the id, downwards.
    Life,
}

/// Where a page of an ordered list ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) at: StoreTime,
    pub(crate) id: RecordId,
}

impl Listing {
    pub(crate) fn order(&self) -> Order {
        match self.state {
            Some(ListedState::Running | ListedState::Stuck) => Order::Lease,
            Some(ListedState::Free | ListedState::Done) | None => Order::Life,
        }
    }

    /// The most records of the page: no page is without end, or without use.
    pub(crate) fn size(&self) -> usize {
        usize::from(self.limit.clamp(1, LARGEST))
    }

    /// Whether the list has this record, as it was read.
    pub(crate) fn shows(&self, view: &RecordView) -> bool {
        let state = match view.state {
            State::Running { .. } => ListedState::Running,
            State::Stuck => ListedState::Stuck,
            State::Free(_) => ListedState::Free,
            State::Done | State::Tombstone => ListedState::Done,
        };
        self.state.is_none_or(|wanted| wanted == state) && self.names(&view.operation)
    }

    /// Whether it lists records of this operation.
    pub(crate) fn names(&self, operation: &str) -> bool {
        self.operation
            .as_deref()
            .is_none_or(|only| only == operation)
    }

    /// Where the page before ended; a cursor of another list is refused.
    pub(crate) fn place(&self) -> Result<Option<Place>, StoreError> {
        let Some(cursor) = &self.after else {
            return Ok(None);
        };
        let place = match cursor.as_bytes().split_first() {
            Some((&order, rest)) if order == self.order().byte() => Place::read(rest),
            _ => None,
        };
        place.map(Some).ok_or(StoreError::ForeignCursor)
    }
}

impl Order {
    /// What the cursors of such a list begin with. `S` is for those of a scan.
    fn byte(self) -> u8 {
        match self {
            Self::Lease => b'L',
            Self::Life => b'E',
        }
    }
}

impl Place {
    pub(crate) fn cursor(&self, order: Order) -> Cursor {
        let at = self.at.to_be_bytes();
        Cursor::of([&[order.byte()], &at[..], self.id.as_bytes()].concat())
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (at, id) = bytes.split_first_chunk()?;
        Some(Self {
            at: StoreTime::from_be_bytes(*at),
            id: RecordId::from_bytes(id.try_into().ok()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place = Place {
        at: 7,
        id: RecordId::from_bytes([9; RecordId::BYTES]),
    };

    fn listing(state: ListedState, after: Cursor) -> Listing {
        Listing {
            state: Some(state),
            after: Some(after),
            ..Listing::first()
        }
    }

    #[test]
    fn a_cursor_leads_back_to_its_place() {
        for (state, order) in [
            (ListedState::Stuck, Order::Lease),
            (ListedState::Done, Order::Life),
        ] {
            let listing = listing(state, PLACE.cursor(order));
            assert_eq!(listing.place().unwrap(), Some(PLACE));
        }
        assert_eq!(Listing::first().place().unwrap(), None);
    }

    #[test]
    fn a_cursor_of_another_list_is_refused() {
        let cursors = [
            PLACE.cursor(Order::Life),
            Cursor::new(b"L").unwrap(),
            Cursor::new(b"S1234").unwrap(),
            Cursor::new(&[b'L'; 64]).unwrap(),
        ];
        for cursor in cursors {
            let refused = listing(ListedState::Running, cursor).place();
            assert!(
                matches!(refused, Err(StoreError::ForeignCursor)),
                "{refused:?}"
            );
        }
    }
}
