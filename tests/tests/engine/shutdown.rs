//! Draining: running attempts end, new ones are refused, and what is left is
//! said.

use std::sync::Arc;

use tests::{Fault, Verb, seconds};
use tokio::time::{Instant, sleep};

use crate::{call, fail, refused, world};

#[tokio::test(start_paused = true)]
async fn it_waits_for_what_runs_and_no_longer() {
    let world = world();
    world.work.takes(seconds(3));
    let calls = ["a", "b"].map(|key| tokio::spawn(call(&world, key)));
    sleep(seconds(1)).await;
    let began = Instant::now();
    assert_eq!(world.idempotency.shutdown(seconds(5)).await, 0);
    assert_eq!(began.elapsed().as_secs(), 2);
    for call in calls {
        assert!(call.await.unwrap().is_ok());
    }
}

#[tokio::test(start_paused = true)]
async fn it_says_how_many_are_left_when_its_time_is_over() {
    let world = world();
    world.work.takes(seconds(60));
    let calls = ["a", "b", "c"].map(|key| tokio::spawn(call(&world, key)));
    sleep(seconds(1)).await;
    let began = Instant::now();
    assert_eq!(world.idempotency.shutdown(seconds(5)).await, 3);
    assert_eq!(began.elapsed().as_secs(), 5);
    calls.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test(start_paused = true)]
async fn without_anything_to_wait_for_it_is_over_at_once() {
    let world = world();
    call(&world, "k").await.unwrap();
    let began = Instant::now();
    assert_eq!(world.idempotency.shutdown(seconds(5)).await, 0);
    assert_eq!(began.elapsed(), seconds(0));
}

#[tokio::test(start_paused = true)]
async fn new_attempts_are_refused_from_then_on() {
    let world = world();
    world.work.takes(seconds(3));
    let running = tokio::spawn(call(&world, "running"));
    sleep(seconds(1)).await;
    let draining = Arc::clone(&world);
    let draining = tokio::spawn(async move { draining.idempotency.shutdown(seconds(5)).await });
    tokio::task::yield_now().await;
    assert_eq!(call(&world, "new").await, refused("overloaded"));
    assert_eq!(running.await.unwrap(), Ok(1));
    assert_eq!(draining.await.unwrap(), 0);
    assert_eq!(call(&world, "later").await, refused("overloaded"));
    assert_eq!(world.work.started(), 1);
}

#[tokio::test(start_paused = true)]
async fn it_waits_until_the_key_of_a_call_that_was_cut_off_is_free() {
    let world = world();
    world.work.takes(seconds(60));
    let cut_off = tokio::spawn(call(&world, "k"));
    sleep(seconds(1)).await;
    world.store.next(Verb::Release, Fault::Slow(seconds(2)));
    cut_off.abort();
    assert!(cut_off.await.is_err());
    let began = Instant::now();
    assert_eq!(world.idempotency.shutdown(seconds(5)).await, 0);
    assert_eq!(began.elapsed().as_secs(), 2);
}

#[tokio::test(start_paused = true)]
async fn it_waits_until_a_release_that_failed_is_sent() {
    let world = world();
    world.store.next(Verb::Release, Fault::Fail);
    world.store.next(Verb::Release, Fault::Slow(seconds(2)));
    fail(&world, "k").await.unwrap_err();
    assert_eq!(world.idempotency.in_flight(), 1);
    assert_eq!(world.idempotency.shutdown(seconds(5)).await, 0);
}
