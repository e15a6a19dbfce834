//! What stands round a store: the near cache, the seal on its answers, and
//! the sweeper. Mostly on tokio's paused clock.

mod conformance;
mod doubts;
mod encrypted;
mod keys;
mod lockstep;
mod near_cache;
mod near_cache_bounds;
mod sealed_steps;
mod sweeper;

use idempotent_runtime::outcome::{ClaimOutcome, Claimed, Completion, Done};
use idempotent_runtime::record::{RecordId, ScopeDigest};
use idempotent_runtime::store::{Claim, StoreError};
use idempotent_runtime::{Answer, Fingerprint, Key, Scope, Store, Token};

/// A new attempt's claim of the record with this number.
fn claim(record: u64) -> Claim<'static> {
    let (operation, scope) = ("tests::wrapped", Scope::public());
    let key = Key::new(record.to_string()).expect("a key");
    let id = RecordId::of(None, operation, &scope, &key);
    let token = Token::mint().expect("randomness");
    let mut claim = Claim::new(id, operation, ScopeDigest::of(&scope), token);
    claim.fingerprint = fingerprint(1);
    claim
}

fn fingerprint(number: u8) -> Fingerprint {
    Fingerprint::from_bytes([number; Fingerprint::BYTES])
}

/// A function's answer of this text.
fn answer(text: &str) -> Answer {
    Answer::from_bytes([&[2], text.as_bytes()].concat())
}

async fn claimed(store: &impl Store, claim: &Claim<'_>) -> Claimed {
    match store.claim(claim).await {
        Ok(ClaimOutcome::Claimed(claimed)) => claimed,
        other => panic!("not claimed: {other:?}"),
    }
}

async fn done(store: &impl Store, claim: &Claim<'_>) -> Done {
    match store.claim(claim).await {
        Ok(ClaimOutcome::Done(done)) => done,
        other => panic!("not done: {other:?}"),
    }
}

/// What the store says of a claim that it cannot answer.
async fn refused(store: &impl Store, claim: &Claim<'_>) -> StoreError {
    match store.claim(claim).await {
        Err(error) => error,
        Ok(outcome) => panic!("answered: {outcome:?}"),
    }
}

async fn complete(store: &impl Store, claim: &Claim<'_>, answer: &Answer) -> Claimed {
    let claimed = claimed(store, claim).await;
    let completed = store.complete(&claim.id, &claim.token, claimed.fence, answer, claim.ttl);
    assert_eq!(completed.await.expect("an answer"), Completion::Stored);
    claimed
}
