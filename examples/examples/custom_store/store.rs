//! A store over a database that the library does not know, as its user would
//! write it: read, let [`Record`] decide, compare-and-swap, and try again where
//! another was faster. The library's own suite says whether that is enough.

use idempotent_runtime::outcome::{ClaimOutcome, Completion, Ownership, Release, Winner};
use idempotent_runtime::record::{Record, RecordId, RecordView, StoreTime};
use idempotent_runtime::store::{Claim, StoreFuture};
use idempotent_runtime::{Answer, Fence, Lease, Store, Token, Ttl};

use crate::kv::Kv;

pub(crate) struct KvStore(pub(crate) Kv);

/// What a verb makes of a record: what it answers, and what is to be written.
type Step<T> = (T, Option<Record>);

impl KvStore {
    /// One atomic step on a record, on the database's clock.
    async fn step<T, S>(&self, id: &RecordId, step: S) -> T
    where
        S: Fn(Option<Record>, StoreTime) -> Step<T>,
    {
        loop {
            let (version, record, now) = self.0.get(id).await;
            let (answer, write) = step(record, now);
            // Nothing to write, as with a replay, is one round trip.
            let Some(record) = write else { return answer };
            if self.0.swap(id, version, record).await {
                return answer;
            }
        }
    }
}

/// A verb on a record that should be there; written only if it was `done`.
fn change<T: PartialEq>(
    record: Option<Record>,
    (done, missing): (T, T),
    verb: impl Fn(&mut Record) -> T,
) -> Step<T> {
    let Some(mut record) = record else {
        return (missing, None);
    };
    let answer = verb(&mut record);
    let write = (answer == done).then_some(record);
    (answer, write)
}

const OWNED: (Ownership, Ownership) = (Ownership::Held, Ownership::Lost);
const STORED: (Completion, Completion) = (Completion::Stored, Completion::Lost(Winner::None));

impl Store for KvStore {
    fn claim<'a>(&'a self, claim: &'a Claim<'a>) -> StoreFuture<'a, ClaimOutcome> {
        StoreFuture::new(async move {
            let step = |record: Option<Record>, now| {
                let Some(mut record) = record else {
                    let (record, claimed) = Record::first(claim, now);
                    return (ClaimOutcome::Claimed(claimed), Some(record));
                };
                let outcome = record.claim(claim, now);
                let write = matches!(outcome, ClaimOutcome::Claimed(_)).then_some(record);
                (outcome, write)
            };
            Ok(self.step(&claim.id, step).await)
        })
    }

    fn extend<'a>(
        &'a self,
        leases: &'a [(RecordId, Token, Lease)],
    ) -> StoreFuture<'a, Vec<Ownership>> {
        StoreFuture::new(async move {
            let mut extended = Vec::with_capacity(leases.len());
            for (id, token, lease) in leases {
                let step = |record, now| change(record, OWNED, |r| r.extend(token, *lease, now));
                extended.push(self.step(id, step).await);
            }
            Ok(extended)
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
        let step = move |record, now| {
            change(record, STORED, |r| {
                r.complete(token, fence, answer, ttl, now)
            })
        };
        StoreFuture::new(async move { Ok(self.step(id, step).await) })
    }

    fn release<'a>(
        &'a self,
        id: &'a RecordId,
        token: &'a Token,
        reason: Release,
    ) -> StoreFuture<'a, Ownership> {
        let step = move |record, _| change(record, OWNED, |r| r.release(token, reason));
        StoreFuture::new(async move { Ok(self.step(id, step).await) })
    }

    fn inspect<'a>(&'a self, id: &'a RecordId) -> StoreFuture<'a, Option<RecordView>> {
        let step = |record: Option<Record>, now| (record.and_then(|r| r.view(*id, now)), None);
        StoreFuture::new(async move { Ok(self.step(id, step).await) })
    }
}
