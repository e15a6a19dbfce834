//! Where it is not sure what the store holds, the store is asked.

use idempotent_runtime::conformance::{self, FaultyStore};
use idempotent_runtime::outcome::Completion;
use idempotent_runtime::store::{Cached, Claim};
use idempotent_runtime::{Fence, MemoryStore, Store};
use tests::{Fault, Scripted, Verb, seconds};
use tokio::time::{sleep, timeout};

use crate::{answer, claim, claimed, complete, done};

/// The answer of the record, as a later attempt sees it.
async fn replayed(store: &impl Store) -> idempotent_runtime::Answer {
    done(store, &claim(1)).await.answer
}

/// What becomes of a completion with this text; `None` if it is not known.
async fn send(
    store: &impl Store,
    claim: &Claim<'_>,
    fence: Fence,
    text: &str,
) -> Option<Completion> {
    let answer = answer(text);
    let completion = store.complete(&claim.id, &claim.token, fence, &answer, claim.ttl);
    completion.await.ok()
}

/// The first completion was carried out: the second one's `Stored` speaks of
/// the first one's bytes.
#[tokio::test]
async fn a_completion_that_is_sent_again_fills_nothing() {
    let store = Scripted::new(MemoryStore::new());
    let cached = Cached::new(store.clone(), 1 << 20);
    let claim = claim(1);
    let fence = claimed(&cached, &claim).await.fence;
    store.next(Verb::Complete, Fault::LoseAck);

    assert_eq!(send(&cached, &claim, fence, "first").await, None);
    let second = send(&cached, &claim, fence, "second").await;

    assert_eq!(second, Some(Completion::Stored));
    assert_eq!(replayed(&cached).await, answer("first"));
}

/// As above, with the claim sent again before the first completion, which is
/// slow, has arrived.
#[tokio::test(start_paused = true)]
async fn a_claim_that_is_sent_again_forgets_no_completion() {
    let store = Scripted::new(MemoryStore::new());
    let cached = Cached::new(store.clone(), 1 << 20);
    let claim = claim(1);
    let fence = claimed(&cached, &claim).await.fence;
    store.next(Verb::Complete, Fault::Slow(seconds(10)));
    let slow = send(&cached, &claim, fence, "first");
    timeout(seconds(1), slow).await.unwrap_err();

    claimed(&cached, &claim).await;
    // The slow one arrives, behind the cache's back.
    send(&store, &claim, fence, "first").await;
    let second = send(&cached, &claim, fence, "second").await;

    assert_eq!(second, Some(Completion::Stored));
    assert_eq!(replayed(&cached).await, answer("first"));
}

#[tokio::test(start_paused = true)]
async fn a_stale_completion_fills_nothing() {
    let store = Scripted::new(MemoryStore::new());
    let cached = Cached::new(store.clone(), 1 << 20);
    let stale = claim(1);
    let fence = claimed(&cached, &stale).await.fence;
    sleep(stale.lease.duration()).await;
    complete(&store, &claim(1), &answer("winner")).await;

    let completion = send(&cached, &stale, fence, "stale").await;

    assert!(matches!(completion, Some(Completion::Lost(_))));
    assert_eq!(replayed(&cached).await, answer("winner"));
}

#[tokio::test(start_paused = true)]
async fn a_forget_whose_outcome_is_unknown_is_one() {
    let store = FaultyStore::new(MemoryStore::new(), 1);
    let cached = Cached::new(store.clone(), 1 << 20);
    let fence = complete(&cached, &claim(1), &answer("paid")).await.fence;
    store.next(conformance::Verb::Operate, conformance::Fault::AckLost);

    cached.forget(&claim(1).id, fence).await.unwrap_err();

    claimed(&cached, &claim(1)).await;
}
