//! Claims of records that nobody else has, and what they may become.

use std::time::Duration;

use idempotent_runtime::outcome::{ClaimOutcome, Claimed, Completion, Done, Running};
use idempotent_runtime::record::{RecordId, ScopeDigest};
use idempotent_runtime::store::Claim;
use idempotent_runtime::{Answer, Key, Lease, Scope, Store, Token, Ttl};

/// A first claim of a record of its own.
pub(crate) fn fresh() -> Claim<'static> {
    let mut id = [0; RecordId::BYTES];
    id[..16].copy_from_slice(token().as_bytes());
    claim_of(RecordId::from_bytes(id))
}

/// A claim of this record by another attempt.
pub(crate) fn claim_of(id: RecordId) -> Claim<'static> {
    let scope = ScopeDigest::of(&Scope::of("tests").unwrap());
    let mut claim = Claim::new(id, "tests::operation", scope, token());
    claim.owner = "tests";
    claim
}

pub(crate) fn token() -> Token {
    Token::mint().unwrap()
}

pub(crate) fn lease(millis: u64) -> Lease {
    Lease::new(Duration::from_millis(millis)).unwrap()
}

pub(crate) fn ttl(millis: u64) -> Ttl {
    Ttl::new(Duration::from_millis(millis)).unwrap()
}

/// An answer of some kind with this text.
pub(crate) fn answer(text: &str) -> Answer {
    let mut bytes = vec![2];
    bytes.extend_from_slice(text.as_bytes());
    Answer::from_bytes(bytes)
}

/// The id that the engine would give a key.
pub(crate) fn id_of(key: &str) -> RecordId {
    let scope = Scope::of("tests").unwrap();
    RecordId::of(None, "tests::operation", &scope, &Key::new(key).unwrap())
}

pub(crate) async fn claimed(store: &impl Store, claim: &Claim<'_>) -> Claimed {
    match store.claim(claim).await.unwrap() {
        ClaimOutcome::Claimed(claimed) => claimed,
        other => panic!("not claimed: {other:?}"),
    }
}

pub(crate) async fn running(store: &impl Store, claim: &Claim<'_>) -> Running {
    match store.claim(claim).await.unwrap() {
        ClaimOutcome::Running(running) => running,
        other => panic!("not running: {other:?}"),
    }
}

pub(crate) async fn done(store: &impl Store, claim: &Claim<'_>) -> Done {
    match store.claim(claim).await.unwrap() {
        ClaimOutcome::Done(done) => done,
        other => panic!("not done: {other:?}"),
    }
}

/// Claims and completes.
pub(crate) async fn finish(store: &impl Store, claim: &Claim<'_>, answer: &Answer) {
    let fence = claimed(store, claim).await.fence;
    let completed = store.complete(&claim.id, &claim.token, fence, answer, claim.ttl);
    assert_eq!(completed.await.unwrap(), Completion::Stored);
}
