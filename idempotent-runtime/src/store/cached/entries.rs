//! The entries of a near cache, by the shards that hold them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use super::shard::{Begun, Held, Shard};
use crate::lease::{Fence, Token};
use crate::outcome::Done;
use crate::record::RecordId;
use crate::store::Claim;

/// No shard is smaller, so that a small cache holds large answers too.
const LEAST_PER_SHARD: usize = 2 << 20;
/// Enough that threads seldom meet.
const MOST_SHARDS: usize = 64;
/// An answer is kept if it takes at most this part of the whole, so that one
/// does not push out all others.
const PART: usize = 8;

pub(super) struct Entries {
    shards: Box<[Mutex<Shard>]>,
    max_bytes_per_shard: usize,
    max_bytes_per_entry: usize,
}

/// What a near cache holds, and how often it helped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct CacheUsage {
    /// How many records it knows of: finished ones, and attempts of this
    /// process that began within the last minute.
    pub entries: usize,
    /// The bytes of their answers, and of what it takes to find them.
    pub bytes: usize,
    /// How many claims it answered.
    pub hits: u64,
    /// How many claims went to the store.
    pub misses: u64,
    /// How many entries went before their time, to make room.
    pub evicted: u64,
}

/// What is known of a record.
pub(super) enum Found {
    Done(Done),
    Nothing(Era),
}

/// How many entries of a shard had been forgotten when a verb was sent: what
/// it brings back from before a later `forget` is not kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Era(u64);

impl Entries {
    pub(super) fn new(max_bytes: usize) -> Self {
        let shards = (max_bytes / LEAST_PER_SHARD).clamp(1, MOST_SHARDS);
        let max_bytes_per_shard = max_bytes / shards;
        Self {
            shards: (0..shards).map(|_| Mutex::default()).collect(),
            max_bytes_per_shard,
            max_bytes_per_entry: (max_bytes / PART).min(max_bytes_per_shard),
        }
    }

    /// The answer of a finished record, as it is by now.
    pub(super) fn find(&self, id: &RecordId, now: Instant) -> Found {
        let mut shard = self.shard(id);
        match shard.find(id, now) {
            Some(done) => Found::Done(done),
            None => Found::Nothing(Era(shard.forgotten)),
        }
    }

    /// An attempt of this process has begun.
    pub(super) fn begin(&self, claim: &Claim<'_>, fence: Fence, sent: Instant) {
        let begun = Begun {
            token: claim.token,
            fence,
            fingerprint: claim.fingerprint,
            trace: claim.trace,
            at: sent,
        };
        let mut shard = self.shard(&claim.id);
        // The same claim, sent again: it may have sent a completion already.
        if !shard.holds_attempt(&claim.id, &claim.token) {
            self.put(&mut shard, claim.id, Held::Running(begun), sent);
        }
    }

    /// What is known of an attempt that completes, the first time that it
    /// does.
    pub(super) fn complete(
        &self,
        id: &RecordId,
        token: &Token,
        fence: Fence,
        now: Instant,
    ) -> Option<(Begun, Era)> {
        let mut shard = self.shard(id);
        let begun = shard.complete(id, token, fence, now)?;
        Some((begun, Era(shard.forgotten)))
    }

    /// The record is finished, as the store said to a verb that was sent at
    /// `sent`, in that era.
    pub(super) fn finish(&self, id: RecordId, done: Done, sent: Instant, era: Era) {
        let mut shard = self.shard(&id);
        if era == Era(shard.forgotten) {
            self.put(&mut shard, id, Held::Done(done), sent);
        }
    }

    /// The record is finished no more.
    pub(super) fn forget(&self, id: &RecordId) {
        let mut shard = self.shard(id);
        shard.forgotten += 1;
        shard.remove(id);
    }

    pub(super) fn usage(&self) -> CacheUsage {
        let mut usage = CacheUsage::default();
        for shard in &self.shards {
            lock(shard).add_to(&mut usage);
        }
        usage
    }

    fn put(&self, shard: &mut Shard, id: RecordId, held: Held, sent: Instant) {
        shard.remove(&id);
        if held.bytes() <= self.max_bytes_per_entry {
            shard.insert(id, held, sent, self.max_bytes_per_shard);
        }
    }

    fn shard(&self, id: &RecordId) -> MutexGuard<'_, Shard> {
        let bytes = id.as_bytes();
        let number = usize::from(u16::from_le_bytes([bytes[0], bytes[1]]));
        lock(&self.shards[number % self.shards.len()])
    }
}

/// A panic under the lock can only come from the allocator. What it left is
/// whole or missing, and what is missing is asked of the store.
fn lock(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}
