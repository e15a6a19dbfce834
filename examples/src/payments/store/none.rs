//! No store at all: every claim is granted, and nothing is remembered. It
//! breaks every promise there is, so that one can see whether a test or a tool
//! notices.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use idempotent_runtime::outcome::{
    ClaimOutcome, Claimed, Completion, Ownership, Previous, Release,
};
use idempotent_runtime::record::{RecordId, RecordView};
use idempotent_runtime::store::{Claim, StoreFuture};
use idempotent_runtime::{Answer, Fence, Lease, Store, Token, Ttl};

/// A store that always says "claimed".
#[derive(Debug, Default)]
pub struct NoStore {
    fences: AtomicU64,
}

impl Store for NoStore {
    fn claim<'a>(&'a self, _: &'a Claim<'a>) -> StoreFuture<'a, ClaimOutcome> {
        let fence = Fence::new(self.fences.fetch_add(1, Relaxed) + 1);
        let claimed = Claimed::new(fence, Previous::None);
        StoreFuture::ready(Ok(ClaimOutcome::Claimed(claimed)))
    }

    fn extend<'a>(
        &'a self,
        leases: &'a [(RecordId, Token, Lease)],
    ) -> StoreFuture<'a, Vec<Ownership>> {
        StoreFuture::ready(Ok(vec![Ownership::Held; leases.len()]))
    }

    fn complete<'a>(
        &'a self,
        _: &'a RecordId,
        _: &'a Token,
        _: Fence,
        _: &'a Answer,
        _: Ttl,
    ) -> StoreFuture<'a, Completion> {
        StoreFuture::ready(Ok(Completion::Stored))
    }

    fn release<'a>(
        &'a self,
        _: &'a RecordId,
        _: &'a Token,
        _: Release,
    ) -> StoreFuture<'a, Ownership> {
        StoreFuture::ready(Ok(Ownership::Held))
    }

    fn inspect<'a>(&'a self, _: &'a RecordId) -> StoreFuture<'a, Option<RecordView>> {
        StoreFuture::ready(Ok(None))
    }
}
