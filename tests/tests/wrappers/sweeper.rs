//! The sweeper deletes what is over, a bit at a time, and ends when nobody
//! needs it.

use std::time::Duration;

use idempotent_runtime::conformance::{Fault, FaultyStore, Verb};
use idempotent_runtime::{Idempotency, MemoryStore, SweepSchedule, Ttl};
use tests::{RequiredOnly, millis, seconds};
use tokio::time::{Instant, sleep, timeout};

use crate::{answer, claim, complete};

/// A round each ten seconds.
const EVERY: Duration = seconds(10);

/// A store in which as many records have expired, and their grace is over.
async fn expired(records: u64) -> MemoryStore {
    let store = MemoryStore::new();
    for record in 0..records {
        let mut claim = claim(record);
        claim.ttl = Ttl::new(seconds(10)).unwrap();
        complete(&store, &claim, &answer("old")).await;
    }
    sleep(seconds(13)).await;
    store
}

#[tokio::test(start_paused = true)]
async fn it_deletes_what_is_over_and_nothing_else() {
    let store = expired(100).await;
    complete(&store, &claim(1_000), &answer("alive")).await;
    let idempotency = Idempotency::new(store.clone());
    idempotency.spawn_sweeper(SweepSchedule::every(EVERY));
    assert_eq!(idempotency.last_sweep(), None);

    sleep(EVERY).await;

    assert_eq!(store.len(), 1);
    // The claim above made room of two by itself.
    assert_eq!(idempotency.last_sweep().unwrap().deleted, 98);
}

#[tokio::test(start_paused = true)]
async fn a_round_goes_on_while_batches_are_full_and_has_an_end() {
    let store = expired(1_000).await;
    let idempotency = Idempotency::new(store.clone());
    idempotency.spawn_sweeper(SweepSchedule::every(EVERY).batch(64).batches(5));

    sleep(EVERY).await;
    assert_eq!(store.len(), 1_000 - 5 * 64);
    sleep(EVERY).await;
    assert_eq!(store.len(), 1_000 - 10 * 64);
    sleep(EVERY * 2).await;
    assert_eq!(store.len(), 0);
    assert!(idempotency.last_sweep().unwrap().deleted < 5 * 64);
}

#[tokio::test(start_paused = true)]
async fn processes_that_start_together_do_not_sweep_together() {
    let mut began = Vec::new();
    for _ in 0..20 {
        let store = expired(1).await;
        let (idempotency, started) = (Idempotency::new(store.clone()), Instant::now());
        idempotency.spawn_sweeper(SweepSchedule::every(EVERY));
        while !store.is_empty() {
            sleep(millis(10)).await;
        }
        began.push(started.elapsed());
    }
    assert!(
        began.iter().all(|began| *began <= EVERY + millis(20)),
        "{began:?}"
    );
    began.sort_unstable();
    assert!(began[19] > began[0] + EVERY / 4, "{began:?}");
}

#[tokio::test(start_paused = true)]
async fn it_ends_with_the_last_handle() {
    let idempotency = Idempotency::in_memory();
    let another = idempotency.clone();
    let mut sweeper = idempotency.spawn_sweeper(SweepSchedule::default());
    drop(idempotency);
    assert!(
        timeout(seconds(600), &mut sweeper).await.is_err(),
        "one is left"
    );

    let dropped = Instant::now();
    drop(another);

    sweeper.await.unwrap();
    assert_eq!(dropped.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn it_ends_at_shutdown_and_none_begins_after_it() {
    let store = expired(10).await;
    let idempotency = Idempotency::new(store.clone());
    let sweeper = idempotency.spawn_sweeper(SweepSchedule::every(EVERY));

    idempotency.shutdown(seconds(1)).await;

    sweeper.await.unwrap();
    let later = idempotency.spawn_sweeper(SweepSchedule::every(EVERY));
    later.await.unwrap();
    assert_eq!(store.len(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_round_that_fails_is_tried_again_at_the_next() {
    let memory = expired(10).await;
    let store = FaultyStore::new(memory.clone(), 1);
    store.next(Verb::Sweep, Fault::Refused);
    let idempotency = Idempotency::new(store);
    idempotency.spawn_sweeper(SweepSchedule::every(EVERY));

    sleep(EVERY).await;
    assert_eq!((memory.len(), idempotency.last_sweep()), (10, None));
    sleep(EVERY).await;
    assert_eq!(memory.len(), 0);
    assert!(idempotency.last_sweep().is_some());
}

/// A store that does it by itself, and would say so.
#[tokio::test(start_paused = true)]
async fn where_the_store_has_no_sweep_there_is_no_sweeper() {
    let sweeper = Idempotency::new(RequiredOnly(MemoryStore::new()));
    let sweeper = sweeper.spawn_sweeper(SweepSchedule::default());
    let began = Instant::now();
    sweeper.await.unwrap();
    assert_eq!(began.elapsed(), Duration::ZERO);
}
