//! Leases are renewed apart from the bodies: all of them, in few statements,
//! as long as their attempts live; and a lease that is lost is told.

use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use idempotent_runtime::{Idempotency, idempotent};
use tests::{Refusal, Verb, World, millis, seconds};
use tokio::runtime::{Builder, Handle};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::{call, fail, refused, world};

/// A world whose leases last this long.
pub(crate) fn world_of_lease(lease: std::time::Duration) -> Arc<World> {
    Arc::new(World::of_functions_tuned(|builder| builder.lease(lease)))
}

#[tokio::test(start_paused = true)]
async fn a_body_of_ten_leases_keeps_its_lease() {
    let world = world_of_lease(seconds(1));
    world.work.takes(seconds(10));
    let first = tokio::spawn(call(&world, "k"));
    for _ in 0..19 {
        sleep(millis(500)).await;
        assert_eq!(call(&world, "k").await, refused("in-flight"));
    }
    assert_eq!(first.await.unwrap(), Ok(1));
    assert_eq!(world.work.started(), 1);
    // At a third of the lease, and not more often.
    assert!(matches!(world.store.count(Verb::Extend), 25..=31));
}

#[tokio::test(start_paused = true)]
async fn a_thousand_leases_have_one_task_and_few_statements() {
    let world = world();
    world.work.takes(seconds(60));
    let mut calls = JoinSet::new();
    for n in 0..1000 {
        calls.spawn(call(&world, &n.to_string()));
        sleep(millis(10)).await;
    }
    assert_eq!(Handle::current().metrics().num_alive_tasks(), 1001);
    let answers = calls.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1000);
    // 70 s of leases that are renewed every 10 s: less than one a second.
    assert!(
        world.store.count(Verb::Extend) < 70,
        "{}",
        world.store.count(Verb::Extend)
    );
}

#[tokio::test(start_paused = true)]
async fn without_an_attempt_its_task_ends_and_the_next_one_starts_another() {
    let world = world_of_lease(seconds(1));
    let tasks = || Handle::current().metrics().num_alive_tasks();
    for n in 1..=3 {
        call(&world, &n.to_string()).await.unwrap();
        assert_eq!(tasks(), 1);
        sleep(seconds(30)).await;
        assert_eq!(tasks(), 0);
    }
    world.work.takes(seconds(5));
    assert_eq!(call(&world, "long").await, Ok(4));
    assert!(world.store.count(Verb::Extend) >= 14);
}

#[tokio::test(start_paused = true)]
async fn its_task_keeps_no_store_alive() {
    let world = world();
    call(&world, "k").await.unwrap();
    let store = world.store.clone();
    drop(world);
    sleep(seconds(30)).await;
    assert_eq!(Handle::current().metrics().num_alive_tasks(), 0);
    assert!(store.is_the_last());
}

#[test]
fn the_death_of_another_runtime_stops_no_heartbeat() {
    let world = world_of_lease(millis(200));
    let other = Builder::new_current_thread().enable_time().build().unwrap();
    let enter = |key| {
        world.work.takes(seconds(60));
        other.block_on(async {
            let gone = timeout(millis(1), call(&world, key)).await;
            assert!(gone.is_err());
            std::mem::forget(tokio::spawn(call(&world, "spawned")));
            tokio::task::yield_now().await;
        });
    };
    enter("first");
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    world.work.takes(millis(600));
    let before = runtime.spawn(call(&world, "before"));
    runtime.block_on(async { sleep(millis(50)).await });
    drop(other);
    let (before, after) = runtime.block_on(async {
        let after = call(&world, "after").await;
        (before.await.unwrap(), after)
    });
    assert!(before.is_ok() && after.is_ok());
    assert!(world.store.count(Verb::Extend) > 6);
    let taken_over = runtime.block_on(call(&world, "before"));
    assert_eq!(taken_over, before);
}

#[test]
fn on_a_runtime_that_has_ended_a_call_is_answered_and_renews_nothing() {
    #[idempotent(store = store, key = "k")]
    async fn last(store: Idempotency) -> Result<u64, Refusal> {
        Ok(1)
    }
    let runtime = Builder::new_current_thread().build().unwrap();
    let (ended, store) = (runtime.handle().clone(), Idempotency::in_memory());
    drop(runtime);
    let (send, answer) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let _entered = ended.enter();
        let mut call = std::pin::pin!(last(store));
        let mut context = Context::from_waker(Waker::noop());
        send.send(call.as_mut().poll(&mut context)).unwrap();
    });
    let answer = answer.recv_timeout(seconds(5)).expect("no deadlock");
    assert_eq!(answer, Poll::Ready(Ok(1)));
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_ended_is_renewed_no_more() {
    let world = world_of_lease(seconds(1));
    call(&world, "done").await.unwrap();
    fail(&world, "released").await.unwrap_err();
    world.work.takes(seconds(60));
    assert!(timeout(millis(1), call(&world, "dropped")).await.is_err());
    let before = world.store.count(Verb::Extend);
    sleep(seconds(60)).await;
    assert_eq!(world.store.count(Verb::Extend), before);
}
