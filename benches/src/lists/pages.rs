//! Every kind of page, from the first one on: how long it takes.

use std::time::{Duration, Instant};

use idempotent_runtime::Store;
use idempotent_runtime::store::{ListedState, Listing, Page, StoreError};

use super::busy::polled;
use super::fill::RARE;
use crate::table;

/// At most so many pages of each kind, and for so long.
const PAGES: usize = 150;
const AT_MOST: Duration = Duration::from_secs(3);

/// Every kind: a state, an operation, a size.
pub fn kinds() -> Vec<Listing> {
    use ListedState::{Done, Free, Running, Stuck};
    let mut kinds = Vec::new();
    for state in [None, Some(Running), Some(Stuck), Some(Free), Some(Done)] {
        for (operation, limit) in [(None, 50), (None, 1_000), (Some(RARE), 50)] {
            let mut listing = Listing::first();
            listing.state = state;
            listing.operation = operation.map(str::to_owned);
            listing.limit = limit;
            kinds.push(listing);
        }
    }
    kinds
}

/// A page, and how long it took.
///
/// # Errors
/// The store's.
pub async fn page(store: &dyn Store, listing: &Listing) -> Result<(Page, Duration), StoreError> {
    let sent = Instant::now();
    let page = polled(store.list(listing)).await?;
    Ok((page, sent.elapsed()))
}

/// Walks each kind of list, and prints how long its pages take; the slowest.
///
/// # Errors
/// The store's.
pub async fn measure(store: &dyn Store) -> Result<Duration, StoreError> {
    let mut rows = Vec::new();
    let mut slowest = Duration::ZERO;
    for kind in kinds() {
        let (mut times, mut found, mut read) = (Vec::new(), 0, 0);
        let mut listing = kind.clone();
        let began = Instant::now();
        loop {
            let (page, took) = page(store, &listing).await?;
            times.push(took);
            found += page.records.len();
            read = read.max(page.scanned);
            listing.after = page.next;
            if listing.after.is_none() || times.len() == PAGES || began.elapsed() > AT_MOST {
                break;
            }
        }
        let first = times[0];
        times.sort_unstable();
        let longest = times[times.len() - 1];
        slowest = slowest.max(longest);
        rows.push(vec![
            format!(
                "{}{}, {} a page",
                kind.state
                    .map_or("all".to_owned(), |state| format!("{state:?}")),
                kind.operation.map_or("", |_| ", of a rare operation"),
                kind.limit
            ),
            times.len().to_string(),
            found.to_string(),
            read.to_string(),
            millis(first),
            millis(times[times.len() / 2]),
            millis(longest),
        ]);
    }
    let mut times = Vec::new();
    let mut stats = None;
    for _ in 0..10 {
        let sent = Instant::now();
        stats = Some(store.stats().await?);
        times.push(sent.elapsed());
    }
    let first = times[0];
    times.sort_unstable();
    rows.push(vec![
        "stats".to_owned(),
        times.len().to_string(),
        String::new(),
        String::new(),
        millis(first),
        millis(times[times.len() / 2]),
        millis(times[times.len() - 1]),
    ]);
    let head = [
        "ms",
        "pages",
        "found",
        "most read",
        "first",
        "median",
        "slowest",
    ];
    table::print(&head, &rows);
    println!("{stats:?}");
    Ok(slowest)
}

pub fn millis(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1_000.0)
}
