//! A function's body that does not come to its end: it panics, or its future
//! is dropped. Its arguments may be borrowed, so it cannot go on by itself.

use std::sync::Arc;

use idempotent_runtime::outcome::Previous;
use idempotent_runtime::{Attempt, Idempotency, idempotent};
use tests::{Refusal, World, millis, seconds};
use tokio::time::{sleep, timeout};

use crate::world;

/// The first effect panics; the answer tells what became of the one before.
#[idempotent(store = world.idempotency, key = key, fingerprint = amount)]
async fn act(world: Arc<World>, key: &'static str, amount: u64) -> Result<String, Refusal> {
    let n = world.work.effect().await;
    assert!(n > 1, "a bug in the body");
    let previous = Attempt::current().expect("an attempt").previous();
    Ok(format!("{n} of {amount} after {previous:?}"))
}

#[idempotent(store = world.idempotency, key = "k", on_interrupt = reject)]
async fn once(world: Arc<World>) -> Result<u64, Refusal> {
    Ok(world.work.effect().await)
}

/// Lets what a drop left to do be done.
async fn a_moment() {
    sleep(millis(1)).await;
}

fn after(previous: Previous) -> String {
    format!("2 of 5 after {previous:?}")
}

#[tokio::test(start_paused = true)]
async fn a_panic_reaches_the_caller_and_a_retry_runs_again() {
    let world = world();
    let panicked = tokio::spawn(act(Arc::clone(&world), "k", 5)).await;
    assert!(panicked.unwrap_err().is_panic());
    a_moment().await;
    let retry = act(Arc::clone(&world), "k", 5).await;
    assert_eq!(retry, Ok(after(Previous::Interrupted)));
    assert_eq!(world.idempotency.in_flight(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_stops_and_a_retry_runs_again() {
    let world = world();
    world.work.takes(seconds(5));
    let dropped = timeout(seconds(1), act(Arc::clone(&world), "k", 5)).await;
    assert!(dropped.is_err());
    a_moment().await;
    assert_eq!(world.work.finished(), 0);
    let retry = act(Arc::clone(&world), "k", 5).await;
    assert_eq!(retry, Ok(after(Previous::Interrupted)));
    assert_eq!((world.work.started(), world.work.finished()), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn an_interrupted_key_keeps_its_fingerprint() {
    let world = world();
    world.work.takes(seconds(5));
    let dropped = timeout(seconds(1), act(Arc::clone(&world), "k", 5)).await;
    assert!(dropped.is_err());
    a_moment().await;
    let other = act(Arc::clone(&world), "k", 6).await;
    assert_eq!(other, Err(Refusal::runtime("key-reused")));
    assert!(act(Arc::clone(&world), "k", 5).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn where_it_may_not_rerun_a_dropped_call_leaves_the_outcome_unknown() {
    let world = world();
    world.work.takes(seconds(5));
    assert!(timeout(seconds(1), once(Arc::clone(&world))).await.is_err());
    a_moment().await;
    for _ in 0..2 {
        let retry = once(Arc::clone(&world)).await;
        assert_eq!(retry, Err(Refusal::runtime("outcome-unknown")));
    }
    assert_eq!(world.work.started(), 1);
    sleep(seconds(25 * 3600)).await;
    assert_eq!(once(Arc::clone(&world)).await, Ok(2));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_was_dropped_outside_of_a_runtime_frees_its_key_by_its_lease() {
    let world = world();
    world.work.takes(seconds(5));
    let mut call = Box::pin(act(Arc::clone(&world), "k", 5));
    assert!(timeout(millis(10), &mut call).await.is_err());
    std::thread::spawn(move || drop(call)).join().unwrap();
    assert_eq!(world.idempotency.in_flight(), 0);
    world.work.takes(seconds(0));
    let during = act(Arc::clone(&world), "k", 5).await;
    assert_eq!(during, Err(Refusal::runtime("in-flight")));
    sleep(seconds(30)).await;
    let retry = act(Arc::clone(&world), "k", 5).await;
    assert_eq!(retry, Ok(after(Previous::TakenOver)));
}

#[tokio::test(start_paused = true)]
async fn over_the_memory_store_a_dropped_call_frees_its_key_at_once() {
    #[idempotent(store = store, key = "k")]
    async fn wait(store: Idempotency, time: u64) -> Result<u64, Refusal> {
        sleep(seconds(time)).await;
        Ok(time)
    }
    let store = Idempotency::in_memory();
    let dropped = timeout(seconds(1), wait(store.clone(), 5));
    assert!(dropped.await.is_err());
    assert_eq!(wait(store.clone(), 0).await, Ok(0));
    assert_eq!(store.in_flight(), 0);
}
