//! An operator's lists and figures: shard by shard, a few slots under each
//! lock, and other tasks' turn between them, so that no claim waits for more
//! than those.

use std::sync::PoisonError;

use tokio::task::yield_now;

use super::MemoryStore;
use super::shard::{Shard, Tally};
use super::sync::MutexGuard;
use crate::record::RecordView;
use crate::store::listing::{MOST_SCANNED, Order, Place};
use crate::store::{Count, Cursor, Listing, Page, StoreError, StoreStats};

/// After so many looks at a shard other tasks have their turn.
const TURN: usize = 16;
/// So many chunks of slots are counted in all: 131,072 records. Of more, an
/// even sample is.
const COUNTED: usize = 512;
/// What the cursor of a list in the order of the slots begins with.
const SCAN: u8 = b'S';

/// A slot of a shard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Spot {
    shard: u8,
    slot: u32,
}

impl MemoryStore {
    /// A page of what runs is in order, unless more run than a page may read;
    /// all else has no index here, and comes as it lies.
    pub(super) async fn page(&self, listing: &Listing) -> Result<Page, StoreError> {
        let scan = listing.after.as_ref().and_then(Spot::read);
        if scan.is_none() && listing.order() == Order::Lease {
            let is_long = self.running() > MOST_SCANNED;
            if listing.after.is_some() || !is_long {
                return self.ordered(listing).await;
            }
        }
        if listing.after.is_some() && scan.is_none() {
            return Err(StoreError::ForeignCursor);
        }
        Ok(self.scanned(listing, scan.unwrap_or_default()).await)
    }

    /// Reads all that run, and keeps the first of them after the page before.
    async fn ordered(&self, listing: &Listing) -> Result<Page, StoreError> {
        let after = listing.place()?;
        let mut page = Page {
            total: Some(self.running()),
            is_ordered: true,
            ..Page::default()
        };
        let mut found: Vec<(Place, RecordView)> = Vec::new();
        let mut spot = Some(Spot::default());
        for look in 1_usize.. {
            let Some(at) = spot else {
                break;
            };
            let walked = self
                .shard_at(at)
                .walk(at.slot, listing, usize::MAX, self.now());
            page.scanned += walked.scanned;
            let place = |(until, view): (Option<u64>, RecordView)| {
                let at = until?;
                Some((Place { at, id: view.id }, view))
            };
            let found_now = walked.found.into_iter().filter_map(place);
            found.extend(found_now.filter(|(place, _)| after.is_none_or(|after| *place > after)));
            spot = at.next(walked.next);
            if look % TURN == 0 {
                yield_now().await;
            }
        }
        found.sort_unstable_by_key(|(place, _)| *place);
        let is_last = found.len() <= listing.size();
        found.truncate(listing.size());
        if let Some((last, _)) = found.last()
            && !is_last
        {
            page.next = Some(last.cursor(Order::Lease));
        }
        page.records = found.into_iter().map(|(_, view)| view).collect();
        Ok(page)
    }

    async fn scanned(&self, listing: &Listing, from: Spot) -> Page {
        let mut page = Page {
            total: Some(match listing.order() {
                Order::Lease => self.running(),
                Order::Life => self.len() as u64,
            }),
            ..Page::default()
        };
        let mut spot = Some(from);
        for look in 1_usize.. {
            let Some(at) = spot else {
                break;
            };
            let room = listing.size() - page.records.len();
            if room == 0 || page.scanned >= MOST_SCANNED {
                break;
            }
            let walked = self.shard_at(at).walk(at.slot, listing, room, self.now());
            page.scanned += walked.scanned;
            page.records
                .extend(walked.found.into_iter().map(|(_, view)| view));
            spot = at.next(walked.next);
            if look % TURN == 0 {
                yield_now().await;
            }
        }
        page.next = spot.map(Spot::cursor);
        page
    }

    /// What runs is counted; the rest is too, up to a bound.
    pub(super) async fn count(&self) -> StoreStats {
        let mut running = Tally::default();
        let mut spot = Some(Spot::default());
        for look in 1_usize.. {
            let Some(at) = spot else {
                break;
            };
            let next = self
                .shard_at(at)
                .tally_running(at.slot, self.now(), &mut running);
            spot = at.next(next);
            if look % TURN == 0 {
                yield_now().await;
            }
        }
        let shards = || (0..super::SHARDS).map(|shard| self.lock(shard));
        let chunks: usize = shards().map(|shard| shard.chunks()).sum();
        let step = chunks.div_ceil(COUNTED).max(1);
        let mut sample = Tally::default();
        let mut left_out = 0;
        for shard in 0..super::SHARDS {
            let chunks = self.lock(shard).chunks();
            // The steps go on from shard to shard, so that the sample is even.
            for chunk in (left_out..chunks).step_by(step) {
                self.lock(shard).tally_chunk(chunk, self.now(), &mut sample);
            }
            left_out =
                (left_out + step * (chunks.saturating_sub(left_out)).div_ceil(step)) - chunks;
            yield_now().await;
        }
        let rest = |counted: u64| match step {
            1 => Count::exact(counted),
            _ => Count::about(counted * step as u64),
        };
        StoreStats {
            running: Some(Count::exact(running.running)),
            stuck: Some(Count::exact(running.stuck)),
            done: Some(rest(sample.done)),
            expired: Some(rest(sample.expired)),
        }
    }

    fn running(&self) -> u64 {
        let shards = (0..super::SHARDS).map(|shard| self.lock(shard).running() as u64);
        shards.sum()
    }

    fn now(&self) -> u64 {
        self.shared.clock.now()
    }

    fn shard_at(&self, spot: Spot) -> MutexGuard<'_, Shard> {
        self.lock(usize::from(spot.shard))
    }

    fn lock(&self, shard: usize) -> MutexGuard<'_, Shard> {
        let shard = self.shared.shards[shard].lock();
        shard.unwrap_or_else(PoisonError::into_inner)
    }
}

impl Spot {
    /// The slot to go on from; of the next shard where this one has ended.
    fn next(self, slot: Option<u32>) -> Option<Self> {
        if let Some(slot) = slot {
            return Some(Self { slot, ..self });
        }
        let shard = self.shard + 1;
        (usize::from(shard) < super::SHARDS).then_some(Self { shard, slot: 0 })
    }

    fn cursor(self) -> Cursor {
        let [a, b, c, d] = self.slot.to_be_bytes();
        Cursor::of([SCAN, self.shard, a, b, c, d].to_vec())
    }

    fn read(cursor: &Cursor) -> Option<Self> {
        let [SCAN, shard, a, b, c, d] = *cursor.as_bytes() else {
            return None;
        };
        let slot = u32::from_be_bytes([a, b, c, d]);
        // One more is asked for than the last slot's number.
        let is_ours = usize::from(shard) < super::SHARDS && slot < u32::MAX;
        is_ours.then_some(Self { shard, slot })
    }
}
