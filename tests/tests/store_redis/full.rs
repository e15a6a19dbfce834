//! A server without memory: new claims are refused, what ran is recorded.

use idempotent_runtime::Answer;
use idempotent_runtime::outcome::{ClaimOutcome, Completion, Ownership, Release};
use idempotent_runtime::store::{Store, StoreError};

use crate::server::{Private, claim, claim_of};

#[tokio::test]
async fn a_full_server_refuses_claims_and_still_records_what_ran() {
    let server = Private::start().await;
    let (store, mut raw) = (server.store().await, server.raw().await);
    let (running, renewed, given_up) = (claim(), claim(), claim());
    let mut fences = Vec::new();
    for claim in [&running, &renewed, &given_up] {
        match store.claim(claim).await.unwrap() {
            ClaimOutcome::Claimed(claimed) => fences.push(claimed.fence),
            other => panic!("{other:?}"),
        }
    }
    let () = raw.call("CONFIG SET maxmemory 1").await;

    let refused = store.claim(&claim()).await;
    assert!(
        matches!(refused, Err(StoreError::Full { .. })),
        "{refused:?}"
    );

    let lease = [(renewed.id, renewed.token, renewed.lease)];
    assert_eq!(store.extend(&lease).await.unwrap(), [Ownership::Held]);
    let released = store.release(&given_up.id, &given_up.token, Release::Retry);
    assert_eq!(released.await.unwrap(), Ownership::Held);
    let answer = Answer::from_bytes(vec![2; 100_000]);
    let completed = store.complete(&running.id, &running.token, fences[0], &answer, running.ttl);
    assert_eq!(completed.await.unwrap(), Completion::Stored);

    // A replay writes nothing, so a full server serves it.
    match store.claim(&claim_of(running.id)).await.unwrap() {
        ClaimOutcome::Done(done) => assert_eq!(done.answer, answer),
        other => panic!("{other:?}"),
    }
    store.check().await.expect_err("a probe has no room either");

    let () = raw.call("CONFIG SET maxmemory 0").await;
    let again = store.claim(&claim()).await.unwrap();
    assert!(matches!(again, ClaimOutcome::Claimed(_)));
}
