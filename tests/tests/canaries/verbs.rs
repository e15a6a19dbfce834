//! The store's verbs past the engine, and all that their errors say.

use std::error::Error;
use std::fmt::Write;
use std::time::Duration;

use idempotent_runtime::outcome::{ClaimOutcome, Release};
use idempotent_runtime::record::{RecordId, ScopeDigest};
use idempotent_runtime::store::{Claim, Listing, StoreError};
use idempotent_runtime::{Answer, Fence, Scope, Step, Store, Token};
use tests::millis;
use tokio::time::timeout;

use crate::planted::{ACCOUNT, ANSWER};

/// For an answer of a verb.
const PATIENCE: Duration = millis(600);

/// All that an error says, in every way that it can be shown.
pub(crate) fn said(error: &StoreError) -> String {
    let mut said = format!("{error} {error:?} {error:#?}");
    let mut source = error.source();
    while let Some(inner) = source {
        write!(said, " {inner} {inner:?} {inner:#?}").expect("a text");
        source = inner.source();
    }
    said + "\n"
}

/// Asks every verb, those that finish a record for two of the same answer, and
/// keeps what those say that fail.
pub(crate) async fn asked(store: &dyn Store) -> String {
    let mut text = String::from("verbs\n");
    for _ in 0..2 {
        record(store, &mut text).await;
    }
    text
}

async fn record(store: &dyn Store, text: &mut String) {
    let scope = ScopeDigest::of(&Scope::of(ACCOUNT).expect("a scope"));
    let token = Token::mint().expect("randomness");
    let mut id = [0; RecordId::BYTES];
    id[..16].copy_from_slice(token.as_bytes());
    let claim = Claim::new(RecordId::from_bytes(id), "pay", scope, token);
    let (id, mut fence) = (claim.id, Fence::new(1));
    let mut bytes = vec![2];
    bytes.extend_from_slice(ANSWER.as_bytes());
    let answer = Answer::from_bytes(bytes);
    let step = Step::new("reserve", answer.clone());
    let listing = Listing::first();
    let mut see = |outcome: Result<(), StoreError>| match outcome {
        Ok(()) | Err(StoreError::Unsupported { .. }) => {}
        Err(error) => *text += &said(&error),
    };
    match timeout(PATIENCE, store.claim(&claim)).await {
        Ok(Ok(ClaimOutcome::Claimed(claimed))) => fence = claimed.fence,
        Ok(outcome) => see(outcome.map(drop)),
        Err(_) => see(Err(StoreError::unavailable("claim", "no answer in time"))),
    }
    macro_rules! ask {
        ($($verb:expr;)*) => {$(
            if let Ok(outcome) = timeout(PATIENCE, $verb).await {
                see(outcome.map(drop));
            }
        )*};
    }
    ask! {
        store.extend(&[(id, token, claim.lease)]);
        store.step(&id, &token, fence, &step);
        store.complete(&id, &token, fence, &answer, claim.ttl);
        store.release(&id, &token, Release::Retry);
        store.inspect(&id);
        store.sweep(10);
        store.expire(&id, fence);
        store.answer(&id);
        store.list(&listing);
        store.stats();
    }
}
