//! Operators who look at lists, one page after another, at a pace of their own.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use idempotent_runtime::store::{Cursor, Listing};
use tokio::time::interval_at;

use super::AnyStore;
use super::pages::{kinds, page};

/// How often each looks at a list.
const A_PAGE_EACH: Duration = Duration::from_secs(1);

/// One of some operators, who begins a page each second, or once the last one is there.
///
/// How many pages there were, and how many failed.
pub async fn look(
    store: AnyStore,
    over: Arc<AtomicBool>,
    lists: Arc<Lists>,
    (place, operators): (u32, u32),
) -> (usize, usize) {
    let (mut pages, mut errors) = (0, 0);
    // The operators look one after another.
    let first = tokio::time::Instant::now() + A_PAGE_EACH / operators * place;
    let mut beginnings = interval_at(first, A_PAGE_EACH);
    loop {
        beginnings.tick().await;
        if over.load(Relaxed) {
            return (pages, errors);
        }
        let (number, listing) = lists.next();
        match page(&*store, &listing).await {
            Ok((page, _)) => lists.go_on(number, page.next),
            Err(_) => errors += 1,
        }
        pages += 1;
    }
}

/// The lists of all kinds, each where it stands, and whose turn it is.
pub struct Lists(Mutex<(Vec<Listing>, usize)>);

impl Default for Lists {
    fn default() -> Self {
        Self(Mutex::new((kinds(), 0)))
    }
}

impl Lists {
    fn next(&self) -> (usize, Listing) {
        let (kinds, turn) = &mut *self.0.lock().expect("no panic");
        let number = *turn % kinds.len();
        *turn += 1;
        (number, kinds[number].clone())
    }

    fn go_on(&self, number: usize, after: Option<Cursor>) {
        self.0.lock().expect("no panic").0[number].after = after;
    }
}
