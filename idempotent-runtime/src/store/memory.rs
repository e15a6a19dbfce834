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
mod verbs;

use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, PoisonError};

use tokio::sync::Notify;

use self::clock::Clock;
use self::quota::{Bounds, Quotas};
use self::shard::Shard;
use self::sync::{Mutex, MutexGuard};

use crate::record::RecordId;

/// Enough that threads seldom meet, few enough to walk.
const SHARDS: usize = 64;

/// A [`Store`](crate::store::Store) in this process's memory.
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
