//! What the records are, and the memory store's.

use std::sync::Arc;
use std::time::Duration;

use idempotent_runtime::outcome::{ClaimOutcome, Release};
use idempotent_runtime::store::Claim;
use idempotent_runtime::{Answer, Fence, Lease, MemoryStore, Store, Ttl};

use super::AnyStore;
use crate::stores::records::{asking, fresh};

/// The operation that few records have.
pub const RARE: &str = "benches::rare";

/// What becomes of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fate {
    Running,
    Stuck,
    Free,
    Expired,
    Done,
    RareDone,
}

impl Fate {
    pub const ALL: [Self; 6] = [
        Self::Running,
        Self::Stuck,
        Self::Free,
        Self::Expired,
        Self::Done,
        Self::RareDone,
    ];

    /// Of the record of this number.
    pub fn of(number: u64) -> Self {
        match number {
            n if n % 1_000 == 0 => Self::Stuck,
            n if n % 100 == 0 => Self::Running,
            n if n % 100 == 1 => Self::Free,
            n if n % 20 == 3 => Self::Expired,
            n if n % 50_000 == 7 => Self::RareDone,
            _ => Self::Done,
        }
    }

    /// Its claim.
    pub fn claim(self) -> Claim<'static> {
        let mut claim = asking(fresh());
        claim.lease = Lease::new(Duration::from_secs(3_600)).expect("in its range");
        match self {
            Self::Stuck => claim.lease = Lease::new(Duration::from_secs(1)).expect("in its range"),
            Self::Expired => {
                claim.lease = Lease::new(Duration::from_secs(1)).expect("in its range");
                claim.ttl = Ttl::new(Duration::from_secs(1)).expect("in its range");
            }
            Self::RareDone => claim.operation = RARE,
            Self::Running | Self::Free | Self::Done => {}
        }
        claim
    }
}

/// Makes a record, by the verbs.
pub async fn make(store: &dyn Store, fate: Fate, answer: &Answer) -> Claim<'static> {
    let claim = fate.claim();
    let fence = claimed(store, &claim).await;
    match fate {
        Fate::Running | Fate::Stuck | Fate::Expired => {}
        Fate::Free => {
            let release = store.release(&claim.id, &claim.token, Release::Retry);
            release.await.expect("the store answers");
        }
        Fate::Done | Fate::RareDone => {
            let complete = store.complete(&claim.id, &claim.token, fence, answer, claim.ttl);
            complete.await.expect("the store answers");
        }
    }
    claim
}

async fn claimed(store: &dyn Store, claim: &Claim<'_>) -> Fence {
    match store.claim(claim).await.expect("the store answers") {
        ClaimOutcome::Claimed(claimed) => claimed.fence,
        other => panic!("a fresh id was not claimed: {other:?}"),
    }
}

/// A memory store of so many records. It removes expired ones as claims come.
pub async fn memory(records: u64) -> AnyStore {
    let room = usize::try_from(records).expect("a number of records") + 1_000_000;
    let store = MemoryStore::builder()
        .max_records(room)
        .quota_per_scope(u64::MAX)
        .build();
    let answer = Answer::from_bytes(vec![1; 300]);
    for number in 0..records {
        make(&store, Fate::of(number), &answer).await;
    }
    // The leases of those that are stuck run out.
    tokio::time::sleep(Duration::from_secs(1)).await;
    Arc::new(store)
}
