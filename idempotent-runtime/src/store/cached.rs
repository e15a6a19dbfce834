//! A near cache: finished answers in this process's memory, so that a replay
//! costs no trip to the store. It is sound because answers are final
//! (invariant 3): what the store once said of a finished record holds until
//! its ttl ends, and nothing else is ever served from here.
//!
//! An entry is filled by a claim that the store answered with `Done`, and by
//! a completion of this process's own, where all of the record is known:
//!
//! - the claim's fingerprint and trace are kept until the attempt completes,
//!   as a completion carries neither;
//! - only the first completion that an attempt sends fills: one that is sent
//!   again may be `Stored` with the bytes of the first one, which need not be
//!   the same;
//! - its life is counted from when the completion was sent, which is no later
//!   than when the store began to count.

mod entries;
mod shard;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

pub use self::entries::CacheUsage;

use self::entries::{Entries, Found};
use super::{Capabilities, Claim, Listing, Page, Store, StoreFuture, StoreStats};
use crate::answer::Answer;
use crate::lease::{Fence, Lease, Token, Ttl};
use crate::outcome::{ClaimOutcome, Completion, Done, Operated, Ownership, Release};
use crate::record::{RecordId, RecordView};
use crate::step::Step;

/// For how long an entry is served at most: an operator's `forget` in another
/// process is seen within this time.
const OLDEST: Duration = Duration::from_mins(1);

/// A [`Store`] that keeps finished answers of another one in memory.
///
/// ```
/// use idempotent_runtime::store::Cached;
/// use idempotent_runtime::{Idempotency, MemoryStore};
///
/// // A database's store in real life: the memory store needs no cache.
/// let store = Cached::new(MemoryStore::new(), 64 << 20);
/// let idempotency = Idempotency::new(store.clone());
/// assert_eq!(store.usage().hits, 0);
/// ```
///
/// [`IdempotencyBuilder::near_cache`](crate::IdempotencyBuilder::near_cache)
/// does the same in one word.
///
/// What a caller can notice of it:
///
/// - A replay from here is answered while the store is down. A body never
///   runs without the store's word, as before.
/// - `forget` through this store is seen at once; through another process,
///   within 60 seconds. So is a record that the store itself lost.
/// - Time is this process's monotonic clock, which on Linux stands still
///   while a machine is suspended: an answer may be replayed for as much of
///   60 seconds after its ttl as the machine had still to run.
/// - Another fingerprint gets the stored one back, as from the store: never
///   another request's answer.
///
/// Round an `Encrypted` store it keeps opened
/// answers in memory, and a replay need not open them again; inside of one it
/// keeps sealed ones, and each replay opens its own.
pub struct Cached<S: ?Sized = dyn Store> {
    shared: Arc<Shared<S>>,
}

struct Shared<S: ?Sized> {
    entries: Entries,
    store: Arc<S>,
}

impl<S: Store> Cached<S> {
    /// A cache of about `max_bytes` bytes, of answers and of what it takes to
    /// find them, over `store`. An answer of more than an eighth of it is not
    /// kept, nor one beyond a 64th of it and 2 MiB.
    pub fn new(store: S, max_bytes: usize) -> Self {
        Self::over(Arc::new(store), max_bytes)
    }
}

impl<S: Store + ?Sized> Cached<S> {
    /// The same, over a store that is shared.
    pub fn over(store: Arc<S>, max_bytes: usize) -> Self {
        let entries = Entries::new(max_bytes);
        Self {
            shared: Arc::new(Shared { entries, store }),
        }
    }

    /// The store behind it.
    pub fn store(&self) -> &S {
        &self.shared.store
    }

    /// What it holds, and how often it helped.
    pub fn usage(&self) -> CacheUsage {
        self.shared.entries.usage()
    }
}

impl<S: ?Sized> Clone for Cached<S> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<S: ?Sized> fmt::Debug for Cached<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cached")
            .field("usage", &self.shared.entries.usage())
            .finish_non_exhaustive()
    }
}

impl<S: Store + ?Sized> Store for Cached<S> {
    fn claim<'a>(&'a self, claim: &'a Claim<'a>) -> StoreFuture<'a, ClaimOutcome> {
        let Shared { entries, store } = &*self.shared;
        let sent = Instant::now();
        let era = match entries.find(&claim.id, sent) {
            Found::Done(done) => return StoreFuture::ready(Ok(ClaimOutcome::Done(done))),
            Found::Nothing(era) => era,
        };
        StoreFuture::new(async move {
            let outcome = store.claim(claim).await?;
            match &outcome {
                ClaimOutcome::Claimed(claimed) => entries.begin(claim, claimed.fence, sent),
                ClaimOutcome::Done(done) => entries.finish(claim.id, done.clone(), sent, era),
                ClaimOutcome::Running(_) => {}
            }
            Ok(outcome)
        })
    }

    fn extend<'a>(
        &'a self,
        leases: &'a [(RecordId, Token, Lease)],
    ) -> StoreFuture<'a, Vec<Ownership>> {
        self.shared.store.extend(leases)
    }

    fn complete<'a>(
        &'a self,
        id: &'a RecordId,
        token: &'a Token,
        fence: Fence,
        answer: &'a Answer,
        ttl: Ttl,
    ) -> StoreFuture<'a, Completion> {
        let Shared { entries, store } = &*self.shared;
        let sent = Instant::now();
        let Some((begun, era)) = entries.complete(id, token, fence, sent) else {
            return store.complete(id, token, fence, answer, ttl);
        };
        StoreFuture::new(async move {
            let completion = store.complete(id, token, fence, answer, ttl).await?;
            if completion == Completion::Stored {
                let age = sent.saturating_duration_since(begun.at);
                let mut done = Done::new(answer.clone(), begun.fingerprint, age, ttl.duration());
                done.trace = begun.trace;
                entries.finish(*id, done, sent, era);
            }
            Ok(completion)
        })
    }

    fn release<'a>(
        &'a self,
        id: &'a RecordId,
        token: &'a Token,
        reason: Release,
    ) -> StoreFuture<'a, Ownership> {
        self.shared.store.release(id, token, reason)
    }

    fn step<'a>(
        &'a self,
        id: &'a RecordId,
        token: &'a Token,
        fence: Fence,
        step: &'a Step,
    ) -> StoreFuture<'a, Ownership> {
        self.shared.store.step(id, token, fence, step)
    }

    fn inspect<'a>(&'a self, id: &'a RecordId) -> StoreFuture<'a, Option<RecordView>> {
        self.shared.store.inspect(id)
    }

    fn wait<'a>(&'a self, id: &'a RecordId, at_most: Duration) -> StoreFuture<'a, ()> {
        self.shared.store.wait(id, at_most)
    }

    fn sweep(&self, limit: u32) -> StoreFuture<'_, u64> {
        self.shared.store.sweep(limit)
    }

    fn expire<'a>(&'a self, id: &'a RecordId, fence: Fence) -> StoreFuture<'a, Operated> {
        self.shared.store.expire(id, fence)
    }

    fn forget<'a>(&'a self, id: &'a RecordId, fence: Fence) -> StoreFuture<'a, Operated> {
        StoreFuture::new(async move {
            // Whatever becomes of it, its answer is not served from here:
            // also if nobody waits for the outcome, or it is not known.
            let _forgotten = Forgotten(&self.shared.entries, id);
            self.shared.store.forget(id, fence).await
        })
    }

    fn answer<'a>(&'a self, id: &'a RecordId) -> StoreFuture<'a, Option<Answer>> {
        self.shared.store.answer(id)
    }

    fn list<'a>(&'a self, listing: &'a Listing) -> StoreFuture<'a, Page> {
        self.shared.store.list(listing)
    }

    fn stats(&self) -> StoreFuture<'_, StoreStats> {
        self.shared.store.stats()
    }

    fn kind(&self) -> crate::store::StoreKind {
        self.shared.store.kind()
    }

    fn capabilities(&self) -> Capabilities {
        self.shared.store.capabilities()
    }
}

/// Drops an entry when the store has done its part.
struct Forgotten<'a>(&'a Entries, &'a RecordId);

impl Drop for Forgotten<'_> {
    fn drop(&mut self) {
        self.0.forget(self.1);
    }
}
