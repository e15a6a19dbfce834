//! An operator's list, part by part: each statement reads at most 250 rows,
//! so that no server is busy with one for long, and a page has as many of them
//! as its bound allows, with rests between them.

use super::row::{Columns, array, view};
use crate::record::RecordId;
use crate::store::listing::{MOST_SCANNED, Order, Pace, Place};
use crate::store::{ListedState, Listing, Page, StoreError};

/// How many rows a statement reads at most.
const PART: i64 = 250;

/// What the statements are asked for.
pub(crate) struct Part<'a> {
    /// By which of both it is.
    pub(crate) order: Order,
    /// Where the part before ended.
    pub(crate) at: i64,
    /// The id there.
    pub(crate) id: [u8; RecordId::BYTES],
    /// 1 for what runs, 0 for what is stuck.
    pub(crate) runs: i64,
    /// The first and the last number of a state.
    pub(crate) states: (i64, i64),
    /// Only this one.
    pub(crate) operation: Option<&'a str>,
    /// How many rows to read, where that is not the statement's own to say.
    pub(crate) read: i64,
    /// The most rows to return: one more than the page has room for.
    pub(crate) most: i64,
}

impl<'a> Part<'a> {
    fn first(listing: &'a Listing) -> Result<Self, StoreError> {
        let order = listing.order();
        let (at, id) = match (listing.place()?, order) {
            (Some(place), _) => (number(place.at), *place.id.as_bytes()),
            (None, Order::Lease) => (0, [0; RecordId::BYTES]),
            (None, Order::Life) => (i64::MAX, [255; RecordId::BYTES]),
        };
        Ok(Self {
            order,
            at,
            id,
            runs: i64::from(listing.state == Some(ListedState::Running)),
            states: super::code::listed(listing.state),
            operation: listing.operation.as_deref(),
            read: PART,
            most: PART,
        })
    }

    /// A list that shows nearly all that it reads need not read more.
    fn size_for(&mut self, listing: &Listing, room: usize) {
        let room = i64::try_from(room).unwrap_or(PART);
        self.most = room + 1;
        let is_whole = listing.operation.is_none()
            && matches!(listing.state, None | Some(ListedState::Running));
        self.read = if is_whole {
            (room + room / 4 + 1).min(PART)
        } else {
            PART
        };
    }
}

/// A page, of the parts that `read` gives. Its rows have the columns of an
/// inspecting statement, and after those: id, the time that the list is ordered
/// by, its place in the part (from 1 on; 0 where the database does not say),
/// whether a full part ends with it, and whether what comes after it belongs to
/// no such list.
pub(crate) async fn page<'a, R, F>(
    listing: &'a Listing,
    read: impl Fn(&Part<'a>) -> F,
) -> Result<Page, StoreError>
where
    R: Columns,
    F: Future<Output = Result<Vec<R>, StoreError>>,
{
    let mut part = Part::first(listing)?;
    let mut page = Page {
        is_ordered: true,
        ..Page::default()
    };
    let mut tempo = Pace::begin();
    while page.records.len() < listing.size()
        && page.scanned < MOST_SCANNED
        && tempo.goes_on(page.scanned == 0).await
    {
        part.size_for(listing, listing.size() - page.records.len());
        let rows = read(&part).await?;
        let Some(end) = fill(&mut page, listing, &part, &rows)? else {
            page.next = None;
            break;
        };
        page.next = Some(end.cursor(part.order));
        (part.at, part.id) = (number(end.at), *end.id.as_bytes());
    }
    Ok(page)
}

/// Puts on the page what is on the list; where to go on.
fn fill(
    page: &mut Page,
    listing: &Listing,
    part: &Part<'_>,
    rows: &[impl Columns],
) -> Result<Option<Place>, StoreError> {
    let mut end = None;
    let (mut scanned, mut goes_on) = (0, false);
    for row in rows {
        let id = RecordId::from_bytes(array("id", row.bytes(12)?)?);
        let shown = view(id, row)?;
        if !shown.expires_in.is_zero() && listing.shows(&shown) {
            // One more than there is room for: there are more.
            if page.records.len() == listing.size() {
                goes_on = true;
                break;
            }
            page.records.push(shown);
        }
        let at = u64::try_from(row.integer(13)?).unwrap_or(0);
        end = Some(Place { at, id });
        let place = u64::try_from(row.integer(14)?).unwrap_or(0);
        scanned = place.max(scanned + 1);
        let is_full = row.integer(15)? == 1;
        if is_full && place == 0 {
            scanned = u64::try_from(part.read).unwrap_or(scanned);
        }
        goes_on = is_full && row.integer(16)? == 0;
    }
    page.scanned += scanned;
    Ok(end.filter(|_| goes_on))
}

fn number(at: u64) -> i64 {
    i64::try_from(at).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::future::ready;

    use super::*;

    /// A running record that ends a full part; a database that numbers no rows.
    struct End(i64);

    impl Columns for End {
        fn integer(&self, column: usize) -> Result<i64, StoreError> {
            Ok(match column {
                13 => self.0,
                7 => -1,
                14 | 16 => 0,
                _ => 1,
            })
        }

        fn bytes(&self, column: usize) -> Result<Option<Vec<u8>>, StoreError> {
            Ok(match column {
                2 => Some(vec![1; 33]),
                12 => Some(vec![1; RecordId::BYTES]),
                _ => None,
            })
        }

        fn text(&self, _: usize) -> Result<String, StoreError> {
            Ok("often".to_owned())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_page_that_finds_nothing_stops_at_its_bound() {
        let mut listing = Listing::first();
        listing.operation = Some("rare".to_owned());
        let parts = Cell::new(0);
        let read = |part: &Part<'_>| {
            parts.set(parts.get() + 1);
            ready(Ok(vec![End(part.at - 1)]))
        };
        let page = page(&listing, read).await.unwrap();
        assert_eq!((parts.get(), page.scanned), (40, MOST_SCANNED));
        assert!(page.records.is_empty() && page.next.is_some());
    }
}
