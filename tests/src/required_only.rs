//! A store with the required verbs only.

use idempotent_runtime::outcome::{ClaimOutcome, Completion, Ownership, Release};
use idempotent_runtime::record::{RecordId, RecordView};
use idempotent_runtime::store::{Claim, StoreFuture};
use idempotent_runtime::{Answer, Fence, Lease, MemoryStore, Store, Token, Ttl};

/// The required verbs of a memory store.
#[derive(Debug)]
pub struct RequiredOnly(pub MemoryStore);

impl Store for RequiredOnly {
    fn claim<'a>(&'a self, claim: &'a Claim<'a>) -> StoreFuture<'a, ClaimOutcome> {
        self.0.claim(claim)
    }

    fn extend<'a>(
        &'a self,
        leases: &'a [(RecordId, Token, Lease)],
    ) -> StoreFuture<'a, Vec<Ownership>> {
        self.0.extend(leases)
    }

    fn complete<'a>(
        &'a self,
        id: &'a RecordId,
        token: &'a Token,
        fence: Fence,
        answer: &'a Answer,
        ttl: Ttl,
    ) -> StoreFuture<'a, Completion> {
        self.0.complete(id, token, fence, answer, ttl)
    }

    fn release<'a>(
        &'a self,
        id: &'a RecordId,
        token: &'a Token,
        reason: Release,
    ) -> StoreFuture<'a, Ownership> {
        self.0.release(id, token, reason)
    }

    fn inspect<'a>(&'a self, id: &'a RecordId) -> StoreFuture<'a, Option<RecordView>> {
        self.0.inspect(id)
    }
}
