//! Takes the lock of a record's shard for each verb.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::shard::Attempted;
use super::{MemoryStore, Shared, index};
use crate::answer::Answer;
use crate::lease::{Fence, Lease, Token, Ttl};
use crate::outcome::{ClaimOutcome, Completion, Operated, Ownership, Release};
use crate::record::{RecordId, RecordView, State};
use crate::step::Step;
use crate::store::{
    Capabilities, Claim, Listing, Page, Store, StoreError, StoreFuture, StoreKind, StoreStats,
};

/// How many dead records a claim removes where there is no room: the work of
/// one claim is bounded, and the next one goes on.
const RECLAIMED_FOR_ROOM: usize = 256;

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

    fn kind(&self) -> StoreKind {
        StoreKind::Memory
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::all()
    }
}
