//! The verbs that are measured, on records of about 300 bytes.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, LazyLock};
use std::time::{SystemTime, UNIX_EPOCH};

use idempotent_runtime::outcome::{ClaimOutcome, Completion};
use idempotent_runtime::record::{RecordId, ScopeDigest};
use idempotent_runtime::store::Claim;
use idempotent_runtime::{Answer, Fence, Fingerprint, Scope, Store, Token, Ttl};

use super::race::Contender;

/// A store of any kind.
pub type AnyStore = Arc<dyn Store>;

/// What a service keeps of its own beside a record: 200 bytes.
pub const BUSINESS: [u8; 200] = [b'b'; 200];
/// The records that replays go through in turn.
const REPLAYED: usize = 1_000;

static ANSWER: LazyLock<Answer> = LazyLock::new(|| Answer::from_bytes(vec![1; 300]));
static ASKED: LazyLock<Fingerprint> =
    LazyLock::new(|| Fingerprint::of("POST /pay").expect("a text serializes"));

/// Another number each time, also in another process.
pub fn number() -> u64 {
    static NEXT: LazyLock<AtomicU64> = LazyLock::new(|| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        AtomicU64::new(now.map_or(0, |now| now.as_micros() as u64))
    });
    NEXT.fetch_add(1, Relaxed)
}

/// An id that no record has; as random as a digest.
pub fn fresh() -> RecordId {
    let mut bytes = [0; RecordId::BYTES];
    let mut state = number();
    for part in bytes.chunks_mut(8) {
        // SplitMix64.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        part.copy_from_slice(&(mixed ^ (mixed >> 31)).to_le_bytes());
    }
    RecordId::from_bytes(bytes)
}

/// What every attempt here asks with.
pub fn asking(id: RecordId) -> Claim<'static> {
    let token = Token::mint().expect("randomness");
    let scope = ScopeDigest::of(&Scope::public());
    let mut claim = Claim::new(id, "benches::pay", scope, token);
    claim.fingerprint = *ASKED;
    claim.owner = "bench-1";
    claim
}

/// A first claim.
pub async fn claim(store: &dyn Store, id: RecordId) -> (Token, Fence) {
    let claim = asking(id);
    match store.claim(&claim).await.expect("the store answers") {
        ClaimOutcome::Claimed(claimed) => (claim.token, claimed.fence),
        other => panic!("a fresh id was not claimed: {other:?}"),
    }
}

/// The completion of a claim.
pub async fn complete(store: &dyn Store, id: RecordId, (token, fence): (Token, Fence)) {
    let completion = store.complete(&id, &token, fence, &ANSWER, Ttl::DEFAULT);
    let completion = completion.await.expect("the store answers");
    assert_eq!(completion, Completion::Stored);
}

/// A first request's share: claim and completion.
pub async fn claim_and_complete(store: &dyn Store, id: RecordId) {
    let claimed = claim(store, id).await;
    complete(store, id, claimed).await;
}

/// A retry's share.
pub async fn replay(store: &dyn Store, id: RecordId) {
    let claim = asking(id);
    match store.claim(&claim).await.expect("the store answers") {
        ClaimOutcome::Done(done) => assert_eq!(done.answer, *ANSWER),
        other => panic!("a finished record was not replayed: {other:?}"),
    }
}

/// Finished records to replay, in turn.
#[derive(Clone)]
pub struct Finished {
    ids: Arc<[RecordId]>,
    next: Arc<AtomicUsize>,
}

impl Finished {
    /// Records that are there.
    pub fn of(ids: Vec<RecordId>) -> Self {
        Self {
            ids: ids.into(),
            next: Arc::default(),
        }
    }

    /// Records that are made now.
    pub async fn make(store: &dyn Store) -> Self {
        let ids: Vec<_> = (0..REPLAYED).map(|_| fresh()).collect();
        for id in &ids {
            claim_and_complete(store, *id).await;
        }
        Self::of(ids)
    }

    /// The next one.
    pub fn next(&self) -> RecordId {
        self.ids[self.next.fetch_add(1, Relaxed) % self.ids.len()]
    }
}

/// Claims alone.
pub fn claims(name: impl Into<String>, store: &AnyStore) -> Contender {
    let store = Arc::clone(store);
    Contender::each(name, move || {
        let store = Arc::clone(&store);
        async move {
            claim(&*store, fresh()).await;
        }
    })
}

/// First requests; each task has a store of its own if there are as many.
pub fn first_requests(name: impl Into<String>, stores: &[AnyStore]) -> Contender {
    let stores = stores.to_vec();
    Contender::new(name, move |task, mut pace| {
        let store = Arc::clone(&stores[task % stores.len()]);
        async move {
            pace.begin().await;
            while pace.go_on() {
                claim_and_complete(&*store, fresh()).await;
            }
            pace
        }
    })
}

/// Retries; each task has a store of its own if there are as many.
pub fn retries(name: impl Into<String>, stores: &[AnyStore], finished: &Finished) -> Contender {
    let (stores, finished) = (stores.to_vec(), finished.clone());
    Contender::new(name, move |task, mut pace| {
        let store = Arc::clone(&stores[task % stores.len()]);
        let finished = finished.clone();
        async move {
            pace.begin().await;
            while pace.go_on() {
                replay(&*store, finished.next()).await;
            }
            pace
        }
    })
}
