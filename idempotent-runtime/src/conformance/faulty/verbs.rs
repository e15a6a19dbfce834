//! The verbs of a store that fails: each owns what it is called with, so that
//! it can be done after its caller has given up.

use std::time::Duration;

use super::{FaultyStore, Verb};
use crate::answer::Answer;
use crate::lease::{Fence, Lease, Token, Ttl};
use crate::outcome::{ClaimOutcome, Completion, Operated, Ownership, Release};
use crate::record::{RecordId, RecordView};
use crate::step::Step;
use crate::store::{Capabilities, Claim, Listing, Page, Store, StoreFuture, StoreStats};

/// What verbs without a record are told apart by.
const NO_RECORD: RecordId = RecordId::from_bytes([0; RecordId::BYTES]);

impl Store for FaultyStore {
    fn claim<'a>(&'a self, claim: &'a Claim<'a>) -> StoreFuture<'a, ClaimOutcome> {
        let (operation, owner) = (claim.operation.to_owned(), claim.owner.to_owned());
        let Claim {
            id,
            scope,
            fingerprint,
            token,
            lease,
            ttl,
            trace,
            quota,
            notify,
            ..
        } = *claim;
        self.faulted(Verb::Claim, &id, move |store| async move {
            let claim = Claim {
                id,
                operation: &operation,
                scope,
                fingerprint,
                token,
                lease,
                ttl,
                owner: &owner,
                trace,
                quota,
                notify,
            };
            store.claim(&claim).await
        })
    }

    fn extend<'a>(
        &'a self,
        leases: &'a [(RecordId, Token, Lease)],
    ) -> StoreFuture<'a, Vec<Ownership>> {
        let id = leases.first().map_or(NO_RECORD, |(id, _, _)| *id);
        let leases = leases.to_vec();
        self.faulted(Verb::Extend, &id, move |store| async move {
            store.extend(&leases).await
        })
    }

    fn complete<'a>(
        &'a self,
        id: &'a RecordId,
        token: &'a Token,
        fence: Fence,
        answer: &'a Answer,
        ttl: Ttl,
    ) -> StoreFuture<'a, Completion> {
        let (id, token, answer) = (*id, *token, answer.clone());
        self.faulted(Verb::Complete, &id, move |store| async move {
            store.complete(&id, &token, fence, &answer, ttl).await
        })
    }

    fn release<'a>(
        &'a self,
        id: &'a RecordId,
        token: &'a Token,
        reason: Release,
    ) -> StoreFuture<'a, Ownership> {
        let (id, token) = (*id, *token);
        self.faulted(Verb::Release, &id, move |store| async move {
            store.release(&id, &token, reason).await
        })
    }

    fn step<'a>(
        &'a self,
        id: &'a RecordId,
        token: &'a Token,
        fence: Fence,
        step: &'a Step,
    ) -> StoreFuture<'a, Ownership> {
        let (id, token, step) = (*id, *token, step.clone());
        self.faulted(Verb::Step, &id, move |store| async move {
            store.step(&id, &token, fence, &step).await
        })
    }

    fn inspect<'a>(&'a self, id: &'a RecordId) -> StoreFuture<'a, Option<RecordView>> {
        let id = *id;
        self.faulted(Verb::Inspect, &id, move |store| async move {
            store.inspect(&id).await
        })
    }

    fn wait<'a>(&'a self, id: &'a RecordId, at_most: Duration) -> StoreFuture<'a, ()> {
        let id = *id;
        self.faulted(Verb::Wait, &id, move |store| async move {
            store.wait(&id, at_most).await
        })
    }

    fn sweep(&self, limit: u32) -> StoreFuture<'_, u64> {
        self.faulted(Verb::Sweep, &NO_RECORD, move |store| async move {
            store.sweep(limit).await
        })
    }

    fn expire<'a>(&'a self, id: &'a RecordId, fence: Fence) -> StoreFuture<'a, Operated> {
        let id = *id;
        self.faulted(Verb::Operate, &id, move |store| async move {
            store.expire(&id, fence).await
        })
    }

    fn forget<'a>(&'a self, id: &'a RecordId, fence: Fence) -> StoreFuture<'a, Operated> {
        let id = *id;
        self.faulted(Verb::Operate, &id, move |store| async move {
            store.forget(&id, fence).await
        })
    }

    fn answer<'a>(&'a self, id: &'a RecordId) -> StoreFuture<'a, Option<Answer>> {
        let id = *id;
        self.faulted(Verb::Answer, &id, move |store| async move {
            store.answer(&id).await
        })
    }

    fn list<'a>(&'a self, listing: &'a Listing) -> StoreFuture<'a, Page> {
        let listing = listing.clone();
        self.faulted(Verb::List, &NO_RECORD, move |store| async move {
            store.list(&listing).await
        })
    }

    fn stats(&self) -> StoreFuture<'_, StoreStats> {
        self.faulted(Verb::Stats, &NO_RECORD, move |store| async move {
            store.stats().await
        })
    }

    fn kind(&self) -> crate::store::StoreKind {
        self.inner.kind()
    }

    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }
}
