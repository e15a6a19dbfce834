//! Records in this process: the embedded default, for one process and for
//! tests. Sharded, bounded, and honest: when full it refuses new claims and
//! never forgets (invariants 3 and 12).

mod clock;
mod expiry;
#[cfg(test)]
mod interleavings;
mod lists;
mod names;
mod quota;
mod running;
mod shard;
mod sync;

use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use self::clock::Clock;
use self::quota::{Bounds, Quotas};
use self::shard::{Attempted, Shard};
use self::sync::{Mutex, MutexGuard};

use super::{Capabilities, Claim, Listing, Page, Store, StoreError, StoreFuture, StoreStats};
use crate::answer::Answer;
use crate::lease::{Fence, Lease, Token, Ttl};
use crate::outcome::{ClaimOutcome, Completion, Operated, Ownership, Release};
use crate::record::{RecordId, RecordView, State};
use crate::step::Step;

/// Enough that threads seldom meet, few enough to walk.
const SHARDS: usize = 64;
/// How many dead records a claim removes where there is no room: the work of
/// one claim is bounded, and the next one goes on.
const RECLAIMED_FOR_ROOM: usize = 256;

/// A [`Store`] in this process's memory.
///
/// ```
/// use idempotent_runtime::{Idempotency, MemoryStore};
///
/// let store = MemoryStore::builder().max_records(100_000).max_bytes(64 << 20).build();
/// let idempotency = Idempotency::new(store);
/// ```
#[derive(Debug, Clone)]
pub struct MemoryStore {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    clock: Clock,
    shards: Box<[Mutex<Shard>]>,
    /// Told, shard by shard, when a record stops running.
    freed: [Notify; SHARDS],
    bounds: Bounds,
    quotas: Quotas,
}

/// The bounds of a [`MemoryStore`].
#[derive(Debug, Clone)]
pub struct MemoryStoreBuilder {
    max_records: usize,
    max_bytes: usize,
    quota_per_scope: Option<u64>,
}

impl MemoryStore {
    /// A store with the default bounds: 1,000,000 records, 1 GiB of answers,
    /// an eighth of the records for one scope.
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// A store with other bounds.
    pub fn builder() -> MemoryStoreBuilder {
        MemoryStoreBuilder {
            max_records: 1_000_000,
            max_bytes: 1 << 30,
            quota_per_scope: None,
        }
    }

    /// How many records it holds, expired ones that were not swept included.
    pub fn len(&self) -> usize {
        self.shared.bounds.records.load(Relaxed)
    }

    /// Whether it holds no record.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Removes at most `limit` records whose grace is over, wherever they are.
    fn reclaim(&self, limit: usize) -> usize {
        let Shared {
            clock,
            bounds,
            quotas,
            shards,
            ..
        } = &*self.shared;
        let now = clock.now();
        let mut left = limit;
        for shard in shards {
            let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            left -= shard.reclaim(left, now, bounds, quotas);
        }
        limit - left
    }

    fn shard(&self, id: &RecordId) -> MutexGuard<'_, Shard> {
        // A panic under the lock can only come from the allocator; a record
        // is changed in one assignment, so what is there is whole.
        self.shared.shards[index(id)]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn index(id: &RecordId) -> usize {
    usize::from(id.as_bytes()[0]) % SHARDS
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryStoreBuilder {
    /// The most records, running and done.
    pub fn max_records(mut self, records: usize) -> Self {
        self.max_records = records;
        self
    }

    /// The most bytes of stored answers and steps. A running attempt's is let
    /// in over this bound, as what ran is never forgotten; new claims are not.
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// The most live keys of one scope; an eighth of the records by default.
    pub fn quota_per_scope(mut self, keys: u64) -> Self {
        self.quota_per_scope = Some(keys);
        self
    }

    /// The store.
    pub fn build(self) -> MemoryStore {
        let quota = self
            .quota_per_scope
            .unwrap_or((self.max_records as u64 / 8).max(1));
        MemoryStore {
            shared: Arc::new(Shared {
                clock: Clock::start(),
                shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
                bounds: Bounds::new(self.max_records, self.max_bytes),
                quotas: Quotas::new(quota),
                freed: std::array::from_fn(|_| Notify::new()),
            }),
        }
    }
}

impl Store for MemoryStore {
    fn claim<'a>(&'a self, claim: &'a Claim<'a>) -> StoreFuture<'a, ClaimOutcome> {
        let Shared {
            clock,
            bounds,
            quotas,
            ..
        } = &*self.shared;
        let once = || {
            self.shard(&claim.id)
                .claim(claim, clock.now(), bounds, quotas)
        };
        let claimed = match once() {
            // What leaves no room may be dead, in other shards.
            Err(StoreError::Full { .. } | StoreError::QuotaExceeded { .. })
                if self.reclaim(RECLAIMED_FOR_ROOM) > 0 =>
            {
                once()
            }
            claimed => claimed,
        };
        StoreFuture::ready(claimed)
    }

    fn extend<'a>(
        &'a self,
        leases: &'a [(RecordId, Token, Lease)],
    ) -> StoreFuture<'a, Vec<Ownership>> {
        let now = self.shared.clock.now();
        let extend = |(id, token, lease): &(RecordId, Token, Lease)| {
            let mut shard = self.shard(id);
            shard
                .record(id)
                .map_or(Ownership::Lost, |record| record.extend(token, *lease, now))
        };
        StoreFuture::ready(Ok(leases.iter().map(extend).collect()))
    }

    fn complete<'a>(
        &'a self,
        id: &'a RecordId,
        token: &'a Token,
        fence: Fence,
        answer: &'a Answer,
        ttl: Ttl,
    ) -> StoreFuture<'a, Completion> {
        let Shared { clock, bounds, .. } = &*self.shared;
        let completion = Attempted {
            id,
            token,
            fence,
            ttl,
        };
        let completion = self
            .shard(id)
            .complete(&completion, answer, clock.now(), bounds);
        self.shared.freed[index(id)].notify_waiters();
        StoreFuture::ready(Ok(completion))
    }

    fn release<'a>(
        &'a self,
        id: &'a RecordId,
        token: &'a Token,
        reason: Release,
    ) -> StoreFuture<'a, Ownership> {
        let released = self.shard(id).release(id, token, reason);
        self.shared.freed[index(id)].notify_waiters();
        StoreFuture::ready(Ok(released))
    }

    fn step<'a>(
        &'a self,
        id: &'a RecordId,
        token: &'a Token,
        fence: Fence,
        step: &'a Step,
    ) -> StoreFuture<'a, Ownership> {
        let bounds = &self.shared.bounds;
        let recorded = self.shard(id).step(id, token, fence, step, bounds);
        StoreFuture::ready(Ok(recorded))
    }

    fn inspect<'a>(&'a self, id: &'a RecordId) -> StoreFuture<'a, Option<RecordView>> {
        StoreFuture::ready(Ok(self.shard(id).view(id, self.shared.clock.now())))
    }

    fn wait<'a>(&'a self, id: &'a RecordId, at_most: Duration) -> StoreFuture<'a, ()> {
        StoreFuture::new(async move {
            let deadline = Instant::now() + at_most;
            loop {
                let freed = self.shared.freed[index(id)].notified();
                tokio::pin!(freed);
                // From here on no notification is missed, so look after it.
                freed.as_mut().enable();
                let view = self.shard(id).view(id, self.shared.clock.now());
                let Some(State::Running { remaining }) = view.map(|view| view.state) else {
                    return Ok(());
                };
                // A lease that runs out tells nobody.
                let until = deadline.min(Instant::now() + remaining);
                if timeout_at(until, freed).await.is_err() && until == deadline {
                    return Ok(());
                }
            }
        })
    }

    fn sweep(&self, limit: u32) -> StoreFuture<'_, u64> {
        StoreFuture::ready(Ok(self.reclaim(limit as usize) as u64))
    }

    fn expire<'a>(&'a self, id: &'a RecordId, fence: Fence) -> StoreFuture<'a, Operated> {
        let now = self.shared.clock.now();
        let expired = self
            .shard(id)
            .record(id)
            .map_or(Operated::Refused, |record| record.expire(fence, now));
        self.shared.freed[index(id)].notify_waiters();
        StoreFuture::ready(Ok(expired))
    }

    fn forget<'a>(&'a self, id: &'a RecordId, fence: Fence) -> StoreFuture<'a, Operated> {
        let Shared { bounds, quotas, .. } = &*self.shared;
        StoreFuture::ready(Ok(self.shard(id).forget(id, fence, bounds, quotas)))
    }

    fn answer<'a>(&'a self, id: &'a RecordId) -> StoreFuture<'a, Option<Answer>> {
        let answer = self.shard(id).answer(id, self.shared.clock.now());
        StoreFuture::ready(Ok(answer))
    }

    fn list<'a>(&'a self, listing: &'a Listing) -> StoreFuture<'a, Page> {
        StoreFuture::new(self.page(listing))
    }

    fn stats(&self) -> StoreFuture<'_, StoreStats> {
        StoreFuture::new(async { Ok(self.count().await) })
    }

    fn kind(&self) -> crate::store::StoreKind {
        crate::store::StoreKind::Memory
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::all()
    }
}
