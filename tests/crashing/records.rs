//! A record's verbs, stopped around those of a transaction.

use std::sync::Arc;
use std::time::Duration;

use idempotent_runtime::outcome::{ClaimOutcome, Completion, Ownership, Release};
use idempotent_runtime::record::{RecordId, RecordView};
use idempotent_runtime::store::transaction::{ClaimedWithin, Whose};
use idempotent_runtime::store::{Claim, Records, Session, StoreFuture};
use idempotent_runtime::{Answer, Fence, Lease, Store, Token, Ttl};

use crate::point::stop;

/// The records of another store.
pub(crate) struct Stopping(pub(crate) Arc<dyn Records>);

impl Records for Stopping {
    fn look<'a>(&'a self, claim: &'a Claim<'a>) -> StoreFuture<'a, Option<ClaimOutcome>> {
        self.0.look(claim)
    }

    fn claim_within<'a>(
        &'a self,
        session: &'a mut dyn Session,
        claim: &'a Claim<'a>,
        whose: Whose,
    ) -> StoreFuture<'a, ClaimedWithin> {
        StoreFuture::new(async move {
            let claimed = self.0.claim_within(session, claim, whose).await?;
            stop("after the claim").await;
            Ok(claimed)
        })
    }

    fn record_within<'a>(
        &'a self,
        session: &'a mut dyn Session,
        claim: &'a Claim<'a>,
        fence: Fence,
        answer: &'a Answer,
    ) -> StoreFuture<'a, Ownership> {
        StoreFuture::new(async move {
            stop("before the answer").await;
            let recorded = self.0.record_within(session, claim, fence, answer).await?;
            stop("after the answer").await;
            Ok(recorded)
        })
    }

    fn complete_within<'a>(
        &'a self,
        session: &'a mut dyn Session,
        id: &'a RecordId,
        token: &'a Token,
        fence: Fence,
        answer: &'a Answer,
        ttl: Ttl,
    ) -> StoreFuture<'a, Completion> {
        self.0
            .complete_within(session, id, token, fence, answer, ttl)
    }

    fn committed(&self, id: &RecordId, notify: bool) {
        self.0.committed(id, notify);
    }
}

impl Store for Stopping {
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

    fn wait<'a>(&'a self, id: &'a RecordId, at_most: Duration) -> StoreFuture<'a, ()> {
        self.0.wait(id, at_most)
    }
}
