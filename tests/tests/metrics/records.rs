//! How many records the store has, where a service asks for it, and only there.

use std::time::Duration;

use idempotent_runtime::outcome::ClaimOutcome;
use idempotent_runtime::record::{RecordId, ScopeDigest};
use idempotent_runtime::store::Claim;
use idempotent_runtime::{Answer, Fence, Idempotency, Scope, Token};
use tests::Meter;
use tokio::time::sleep;

const EVERY: Duration = Duration::from_mins(1);

fn claim(number: u8) -> Claim<'static> {
    let id = RecordId::from_bytes([number; RecordId::BYTES]);
    let scope = ScopeDigest::of(&Scope::public());
    Claim::new(id, "pay", scope, Token::from_bytes([1; Token::BYTES]))
}

async fn claimed(idempotency: &Idempotency, claim: &Claim<'_>) -> Fence {
    match idempotency.store().claim(claim).await.unwrap() {
        ClaimOutcome::Claimed(claimed) => claimed.fence,
        other => panic!("{other:?}"),
    }
}

async fn complete(idempotency: &Idempotency, claim: &Claim<'_>, fence: Fence) {
    let answer = Answer::from_bytes(vec![2]);
    let store = idempotency.store();
    let completed = store.complete(&claim.id, &claim.token, fence, &answer, claim.ttl);
    completed.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn records_are_counted_where_a_service_asks_for_it() {
    let meter = Meter::install();
    let idempotency = Idempotency::in_memory();
    let records = |state: &str| {
        let state = format!("state=\"{state}\"");
        meter.get("idempotency_records", &["store=\"memory\"", &state])
    };
    let running = claim(0);
    let fence = claimed(&idempotency, &running).await;
    for number in 1..=2 {
        let claim = claim(number);
        let fence = claimed(&idempotency, &claim).await;
        complete(&idempotency, &claim, fence).await;
    }
    sleep(2 * EVERY).await;
    assert_eq!(meter.sum("idempotency_records", &[]), None);

    let counting = idempotency.spawn_stats(EVERY);
    sleep(Duration::from_millis(1)).await;
    assert_eq!(
        (records("running"), records("done"), records("expired")),
        (1.0, 2.0, 0.0)
    );

    complete(&idempotency, &running, fence).await;
    sleep(EVERY).await;
    assert_eq!((records("running"), records("done")), (0.0, 3.0));

    idempotency.shutdown(Duration::ZERO).await;
    counting.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_counting_ends_with_the_last_handle() {
    let idempotency = Idempotency::in_memory();
    let counting = idempotency.spawn_stats(EVERY);
    sleep(Duration::from_millis(1)).await;
    drop(idempotency);
    counting.await.unwrap();
}
