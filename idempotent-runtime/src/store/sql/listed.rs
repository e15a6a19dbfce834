//! An operator's list, part by part: each statement reads at most 1,000 rows,
//! so that no server is busy with one for long, and a page has as many of them
//! as its bound allows.

use super::row::{Columns, array, view};
use crate::record::RecordId;
use crate::store::listing::{MOST_SCANNED, Order, Place};
use crate::store::{ListedState, Listing, Page, StoreError};

/// How many rows the statements read, as they say themselves.
const PART: u64 = 1_000;

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
    /// The most rows to return.
    pub(crate) most: i64,
}

impl<'a> Part<'a> {
    fn first(listing: &'a Listing) -> Result<Self, StoreError> {
        let order = listing.order();
        let (at, id) = match (listing.place()?, order) {
            (Some(place), _) => (
                i64::try_from(place.at).unwrap_or(i64::MAX),
                *place.id.as_bytes(),
            ),
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
            most: i64::try_from(listing.size()).unwrap_or(i64::MAX),
        })
    }
}

/// A page, of the parts that `read` gives. Its rows have the columns of an
/// inspecting statement, and after those: id, the time that the list is ordered
/// by, its place in the part (from 1 on), whether it is the part's last one, and
/// whether those after it belong to no such list.
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
    while page.records.len() < listing.size() && page.scanned < MOST_SCANNED {
        let room = listing.size() - page.records.len();
        part.most = i64::try_from(room).unwrap_or(i64::MAX);
        let rows = read(&part).await?;
        let mut last = None;
        for row in &rows {
            let id = RecordId::from_bytes(array("id", row.bytes(12)?)?);
            let shown = view(id, row)?;
            if !shown.expires_in.is_zero() && listing.shows(&shown) {
                page.records.push(shown);
            }
            last = Some((row, id));
        }
        let Some((row, id)) = last else {
            page.next = None;
            return Ok(page);
        };
        let read = u64::try_from(row.integer(14)?).unwrap_or(PART);
        page.scanned += read;
        (part.at, part.id) = (row.integer(13)?, *id.as_bytes());
        let is_last = row.integer(15)? == 1;
        if is_last && (read < PART || row.integer(16)? == 1) {
            page.next = None;
            return Ok(page);
        }
        let at = u64::try_from(part.at).unwrap_or(0);
        page.next = Some(Place { at, id }.cursor(part.order));
    }
    Ok(page)
}
