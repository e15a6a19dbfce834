//! One fault at a time, each at its place.

use std::time::Duration;

use idempotent_runtime::conformance::{Fault, FaultyStore, Verb};
use idempotent_runtime::{Error, MemoryStore};
use tokio::time::{Instant, sleep};

use crate::service::{Ledger, Refusal, Service, Work};

const KEY: &str = "order-1001";

fn scene() -> (FaultyStore, Service, Ledger) {
    let (store, ledger) = (FaultyStore::new(MemoryStore::new(), 1), Ledger::default());
    let service = Service::over(&store, &ledger);
    (store, service, ledger)
}

fn unavailable(answer: &Result<u32, Refusal>) -> bool {
    matches!(answer, Err(Refusal::Guard(Error::Unavailable { .. })))
}

#[tokio::test(start_paused = true)]
async fn a_claim_whose_acknowledgement_is_lost_is_sent_again() {
    let (store, service, ledger) = scene();
    store.next(Verb::Claim, Fault::AckLost);
    assert_eq!(service.charge(KEY, Work::quick()).await.unwrap(), 1);
    assert_eq!(ledger.of(KEY).ran, 1);
}

#[tokio::test(start_paused = true)]
async fn no_body_runs_without_an_acknowledged_claim() {
    for fault in [Fault::AckLost, Fault::Refused, Fault::Late] {
        let (store, service, ledger) = scene();
        store.next(Verb::Claim, fault);
        store.next(Verb::Claim, fault);
        assert!(
            unavailable(&service.charge(KEY, Work::quick()).await),
            "{fault:?}"
        );
        assert_eq!(ledger.of(KEY).ran, 0, "{fault:?}");
        // What the lost claims left does not hold up a retry for a lease; only
        // a claim that arrives after all that was said of it can.
        let started = Instant::now();
        assert_eq!(service.answer(KEY, Work::quick()).await, 1);
        let bound = if fault == Fault::Late { 12 } else { 2 };
        assert!(started.elapsed() < Duration::from_secs(bound), "{fault:?}");
        assert_eq!(ledger.of(KEY).ran, 1, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_completion_whose_acknowledgement_is_lost_is_stored_once() {
    let (store, service, ledger) = scene();
    store.next(Verb::Complete, Fault::AckLost);
    assert_eq!(service.charge(KEY, Work::quick()).await.unwrap(), 1);
    sleep(Duration::from_secs(1)).await;
    assert_eq!(service.charge(KEY, Work::quick()).await.unwrap(), 1);
    assert_eq!(ledger.of(KEY).ran, 1);
}

#[tokio::test(start_paused = true)]
async fn what_ran_is_stored_when_the_store_is_back() {
    // Shorter than the lease, and much longer.
    for outage in [5, 90] {
        let (store, service, ledger) = scene();
        let running = service.clone();
        let first = tokio::spawn(async move { running.charge(KEY, Work::quick()).await });
        sleep(Duration::from_millis(50)).await;
        store.cut_off();
        let started = Instant::now();
        // Its caller does not wait for the store.
        assert_eq!(first.await.unwrap().unwrap(), 1);
        assert!(started.elapsed() < Duration::from_secs(1));
        assert!(unavailable(&service.charge(KEY, Work::quick()).await));
        sleep(Duration::from_secs(outage)).await;
        store.heal();
        sleep(Duration::from_secs(6)).await;
        assert_eq!(service.charge(KEY, Work::quick()).await.unwrap(), 1);
        assert_eq!(ledger.of(KEY).ran, 1, "after {outage} s without a store");
    }
}

#[tokio::test(start_paused = true)]
async fn a_completion_that_arrives_late_does_no_harm() {
    let (store, service, ledger) = scene();
    store.next(Verb::Complete, Fault::Late);
    assert_eq!(service.charge(KEY, Work::quick()).await.unwrap(), 1);
    sleep(Duration::from_secs(1)).await;
    let other = Service::over(&store, &ledger);
    assert_eq!(other.charge(KEY, Work::quick()).await.unwrap(), 1);
    assert_eq!(ledger.of(KEY).ran, 1);
}

#[tokio::test(start_paused = true)]
async fn a_release_without_an_acknowledgement_frees_the_key() {
    for fault in [Fault::AckLost, Fault::Refused, Fault::Late] {
        let (store, service, ledger) = scene();
        store.next(Verb::Release, fault);
        let work = Work {
            failing: 1,
            ..Work::quick()
        };
        let failed = service.charge(KEY, work).await;
        assert!(matches!(failed, Err(Refusal::Body)), "{failed:?}");
        sleep(Duration::from_secs(3)).await;
        // Well before its lease of 10 s runs out.
        assert_eq!(service.charge(KEY, work).await.unwrap(), 2, "{fault:?}");
        assert_eq!(ledger.of(KEY).completed, 1, "{fault:?}");
    }
}

/// At least once is what lease mode promises here, and one answer for all.
#[tokio::test(start_paused = true)]
async fn an_attempt_that_cannot_renew_is_told_and_gets_the_winners_answer() {
    let (store, ledger) = (FaultyStore::new(MemoryStore::new(), 1), Ledger::default());
    let store = store.rate_of(Verb::Extend, Fault::Refused, 1.0);
    let (paused, other) = (
        Service::over(&store, &ledger),
        Service::over(&store, &ledger),
    );
    let long = Work::taking(Duration::from_secs(20));
    let late = tokio::spawn(async move { paused.charge(KEY, long).await });
    sleep(Duration::from_secs(11)).await;
    let winner = other.charge(KEY, Work::quick()).await.unwrap();
    assert_eq!(winner, 2, "the second run");
    assert_eq!(
        late.await.unwrap().unwrap(),
        winner,
        "the paused caller's answer"
    );
    let entry = ledger.of(KEY);
    assert_eq!((entry.ran, entry.told), (2, 1));
    assert_eq!(other.charge(KEY, Work::quick()).await.unwrap(), winner);
}
