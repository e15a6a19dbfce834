//! The contract between the engine and the stores. The engine keeps the
//! protocol's invariants only on a store that keeps this contract; the suite
//! behind the feature `conformance` proves a store.

pub mod cached;
mod claim;
#[cfg(feature = "encryption")]
pub mod encrypted;
mod error;
mod future;
mod kind;
mod listing;
pub mod memory;
#[cfg(feature = "mysql")]
pub mod mysql;
#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(feature = "redis")]
pub mod redis;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod sql;
#[cfg(feature = "sqlite")]
pub mod sqlite;
mod stats;
pub mod transaction;
mod wait;

use std::time::Duration;

pub use self::cached::{CacheUsage, Cached};
pub use self::claim::Claim;
#[cfg(feature = "encryption")]
pub use self::encrypted::{Encrypted, KeyIdTaken, Keyring, Unsealed};
pub use self::error::StoreError;
pub use self::future::StoreFuture;
pub use self::kind::StoreKind;
pub use self::listing::{Cursor, CursorUnreadable, ListedState, Listing, Page};
pub use self::stats::{Count, StoreStats};
pub use self::transaction::{Records, Session, Transaction, TransactionalStore};
pub use self::wait::poll_until_free;

use crate::answer::Answer;
use crate::lease::{Fence, Lease, Token, Ttl};
use crate::outcome::{ClaimOutcome, Completion, Operated, Ownership, Release};
use crate::record::{RecordId, RecordView};
use crate::step::Step;

/// Where records live. Object-safe; every verb is one atomic step on the
/// store's own clock.
///
/// An implementor promises, by the numbers of the protocol's invariants:
///
/// 1. **One runner**: of concurrent claims of one id, at most one is
///    `Claimed` until its lease runs out or it is released.
/// 2. **Owner only**: `extend`, `complete`, `release` and `step` change a record
///    only with the token of its present claim; `complete` and `step` also need
///    its fence.
/// 3. **Final**: a done record answers `Done` with the same bytes until its
///    ttl ends, and is never evicted before; a full store refuses new claims.
/// 4. **Fences rise** at each claim that starts an attempt, through release,
///    takeover and expiry.
/// 5. **Lost acknowledgements are harmless**: the same token's claim gets the
///    same fence and `previous` again; its completion gets `Stored` again.
/// 6. **Two lifetimes**: a lease that runs out frees the record for the same
///    fingerprint; the ttl ends the record. A running record lives at least
///    as long as its lease.
/// 7. **One clock**: the store's own, read once per verb.
/// 8. **Fail closed**: what was not done is an error, never a guess.
///
/// An unexpired record that is running, or was interrupted, with another
/// fingerprint is never taken over: it answers `Running`. A record freed by
/// [`Release::Retry`] accepts any fingerprint.
pub trait Store: Send + Sync + 'static {
    /// To become the one attempt that runs.
    fn claim<'a>(&'a self, claim: &'a Claim<'a>) -> StoreFuture<'a, ClaimOutcome>;

    /// Renews leases, in one batch; one answer for each, in order.
    fn extend<'a>(
        &'a self,
        leases: &'a [(RecordId, Token, Lease)],
    ) -> StoreFuture<'a, Vec<Ownership>>;

    /// Finishes a record; its life is `ttl` from now.
    fn complete<'a>(
        &'a self,
        id: &'a RecordId,
        token: &'a Token,
        fence: Fence,
        answer: &'a Answer,
        ttl: Ttl,
    ) -> StoreFuture<'a, Completion>;

    /// Gives a record back; it keeps its fence and attempts until it expires.
    fn release<'a>(
        &'a self,
        id: &'a RecordId,
        token: &'a Token,
        reason: Release,
    ) -> StoreFuture<'a, Ownership>;

    /// Records what a part of an attempt has done, under the record of the
    /// attempt that runs with this token and fence (also after its own lease,
    /// while nobody took over). Its bytes are appended to those before:
    ///
    /// - a claim that starts a later attempt of the same request (after a
    ///   takeover, an interruption, or a release for a retry) carries all of
    ///   them in [`Claimed::steps`](crate::outcome::Claimed::steps), and so
    ///   does the attempt's own claim, sent again;
    /// - a completion, a claim for another fingerprint and the end of the
    ///   record's life delete them.
    ///
    /// Sent again it may be appended again: the reader takes the first of a
    /// name. How many there are, and how large, is bounded by the caller.
    fn step<'a>(
        &'a self,
        id: &'a RecordId,
        token: &'a Token,
        fence: Fence,
        step: &'a Step,
    ) -> StoreFuture<'a, Ownership> {
        let _ = (id, token, fence, step);
        StoreFuture::unsupported("step")
    }

    /// What an operator may see of a record; `None` if there is none, or its
    /// ttl has ended.
    fn inspect<'a>(&'a self, id: &'a RecordId) -> StoreFuture<'a, Option<RecordView>>;

    /// Returns when the record may have stopped running, or after `at_most`.
    /// Stores with notifications say so sooner than this polling.
    fn wait<'a>(&'a self, id: &'a RecordId, at_most: Duration) -> StoreFuture<'a, ()> {
        StoreFuture::new(poll_until_free(self, id, at_most))
    }

    /// Deletes at most `limit` expired records; how many it deleted.
    fn sweep(&self, limit: u32) -> StoreFuture<'_, u64> {
        let _ = limit;
        StoreFuture::unsupported("sweep")
    }

    /// An operator ends the lease of the attempt with this fence, so that the
    /// next claim takes over: the stated exception to invariant 2.
    fn expire<'a>(&'a self, id: &'a RecordId, fence: Fence) -> StoreFuture<'a, Operated> {
        let _ = (id, fence);
        StoreFuture::unsupported("expire")
    }

    /// An operator deletes a done record of this fence: the stated exception
    /// to invariant 3.
    fn forget<'a>(&'a self, id: &'a RecordId, fence: Fence) -> StoreFuture<'a, Operated> {
        let _ = (id, fence);
        StoreFuture::unsupported("forget")
    }

    /// The stored answer of a done record, for an operator who may see it;
    /// `None` if there is none, or its ttl has ended.
    fn answer<'a>(&'a self, id: &'a RecordId) -> StoreFuture<'a, Option<Answer>> {
        let _ = id;
        StoreFuture::unsupported("answer")
    }

    /// A page of the records that have not expired, for an operator. It reads
    /// a bounded number of them (about 10,000), without a lock that a claim
    /// waits for, and says how many it read.
    fn list<'a>(&'a self, listing: &'a Listing) -> StoreFuture<'a, Page> {
        let _ = listing;
        StoreFuture::unsupported("list")
    }

    /// How many records there are, as far as it can be told without reading
    /// all of them.
    fn stats(&self) -> StoreFuture<'_, StoreStats> {
        StoreFuture::unsupported("stats")
    }

    /// Which of the optional verbs this store has.
    fn capabilities(&self) -> Capabilities {
        Capabilities::required()
    }

    /// What it keeps its records in, as metrics name it; a wrapper's is that
    /// of the store behind it.
    fn kind(&self) -> StoreKind {
        StoreKind::Other
    }
}

/// The optional verbs of a store, by which the conformance suite knows what
/// applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
#[allow(clippy::struct_excessive_bools)] // a set of independent verbs, each named
pub struct Capabilities {
    /// [`Store::sweep`].
    pub sweep: bool,
    /// [`Store::expire`] and [`Store::forget`].
    pub operator: bool,
    /// [`Claim::quota`] bounds a scope's live keys.
    pub quota: bool,
    /// An expired record is kept for a grace, so that a late retry shows as
    /// [`Previous::Expired`](crate::outcome::Previous::Expired).
    pub grace: bool,
    /// [`Store::step`], and claims carry what it recorded.
    pub steps: bool,
    /// [`Store::list`], [`Store::stats`] and [`Store::answer`].
    pub lists: bool,
}

impl Capabilities {
    /// The required verbs only.
    pub const fn required() -> Self {
        Self {
            sweep: false,
            operator: false,
            quota: false,
            grace: false,
            steps: false,
            lists: false,
        }
    }

    /// All of them.
    pub const fn all() -> Self {
        Self {
            sweep: true,
            operator: true,
            quota: true,
            grace: true,
            steps: true,
            lists: true,
        }
    }
}
