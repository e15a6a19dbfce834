//! What ran is never forgotten (invariant 9): the caller gets the answer, and
//! the store gets it as soon as it takes it.

use std::sync::Arc;

use idempotent_runtime::record::State;
use tests::{Fault, Refusal, Verb, World, millis, seconds};
use tokio::time::{Instant, sleep, timeout};

use crate::{call, fail, refused, world};

#[tokio::test(start_paused = true)]
async fn the_caller_gets_the_answer_at_once_and_the_store_when_it_can() {
    let world = world();
    world.store.always(Verb::Complete, Fault::Fail);
    let began = Instant::now();
    assert_eq!(call(&world, "k").await, Ok(1));
    assert_eq!(began.elapsed(), seconds(0));
    // Longer than the lease, which is kept meanwhile.
    for _ in 0..10 {
        sleep(seconds(10)).await;
        assert_eq!(call(&world, "k").await, refused("in-flight"));
    }
    world.store.heal();
    sleep(seconds(6)).await;
    assert_eq!(call(&world, "k").await, Ok(1));
    assert_eq!(world.work.started(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_short_failure_is_over_in_no_time() {
    let world = world();
    world.store.next(Verb::Complete, Fault::Fail);
    call(&world, "k").await.unwrap();
    sleep(millis(100)).await;
    assert_eq!(call(&world, "k").await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn a_store_that_hangs_keeps_no_caller_past_its_timeout() {
    let world = Arc::new(World::of_functions_tuned(|builder| {
        builder.store_timeout(seconds(2))
    }));
    world.store.next(Verb::Complete, Fault::Hang);
    let began = Instant::now();
    assert_eq!(call(&world, "k").await, Ok(1));
    assert_eq!(began.elapsed().as_secs(), 2);
    sleep(seconds(1)).await;
    assert_eq!(call(&world, "k").await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn a_completion_whose_acknowledgement_was_lost_is_harmless() {
    let world = world();
    world.store.next(Verb::Complete, Fault::LoseAck);
    assert_eq!(call(&world, "k").await, Ok(1));
    assert_eq!(call(&world, "k").await, Ok(1), "it is stored already");
    sleep(seconds(1)).await;
    assert_eq!(call(&world, "k").await, Ok(1));
    assert_eq!(world.idempotency.in_flight(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_outage_longer_than_the_lease_loses_nothing_if_nobody_took_over() {
    let world = world();
    world.work.takes(seconds(1));
    let first = tokio::spawn(call(&world, "k"));
    sleep(millis(500)).await;
    world.store.break_down(Fault::Fail);
    assert_eq!(first.await.unwrap(), Ok(1));
    sleep(seconds(120)).await;
    world.store.heal();
    sleep(seconds(6)).await;
    assert_eq!(call(&world, "k").await, Ok(1));
    assert_eq!(world.work.started(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_the_store_does_not_take_becomes_a_tombstone() {
    let world = world();
    world.store.next(Verb::Complete, Fault::Misconfigured);
    assert_eq!(call(&world, "k").await, Ok(1));
    sleep(seconds(1)).await;
    assert_eq!(call(&world, "k").await, refused("not-replayable"));
    let view = world.store.last_record().await.expect("a record");
    assert_eq!(view.state, State::Tombstone);
    assert_eq!(world.work.started(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_not_stored_yet_counts_in_flight() {
    let world = Arc::new(World::of_functions_tuned(|builder| {
        builder.max_in_flight(1)
    }));
    world.store.always(Verb::Complete, Fault::Fail);
    call(&world, "k").await.unwrap();
    assert_eq!(world.idempotency.in_flight(), 1);
    assert_eq!(call(&world, "other").await, refused("overloaded"));
    assert_eq!(world.idempotency.shutdown(seconds(1)).await, 1);
    world.store.heal();
    assert_eq!(world.idempotency.shutdown(seconds(10)).await, 0);
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_leaves_during_the_completion_changes_nothing() {
    for fault in [Fault::Slow(seconds(2)), Fault::SlowAck(seconds(2))] {
        let world = world();
        world.store.next(Verb::Complete, fault);
        assert!(timeout(seconds(1), call(&world, "k")).await.is_err());
        sleep(seconds(2)).await;
        assert_eq!(call(&world, "k").await, Ok(1), "{fault:?}");
        assert_eq!(world.idempotency.in_flight(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_release_that_fails_is_sent_again() {
    let world = world();
    world.store.next(Verb::Release, Fault::Fail);
    let declined = Err(Refusal::declined("not now"));
    assert_eq!(fail(&world, "k").await, declined);
    sleep(millis(10)).await;
    assert_eq!(call(&world, "k").await, Ok(2));
}

#[tokio::test(start_paused = true)]
async fn without_a_release_the_lease_frees_the_key() {
    let world = world();
    world.store.always(Verb::Release, Fault::Fail);
    fail(&world, "k").await.unwrap_err();
    assert_eq!(call(&world, "k").await, refused("in-flight"));
    sleep(seconds(30)).await;
    assert_eq!(call(&world, "k").await, Ok(2));
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_leaves_during_the_release_frees_the_key() {
    let world = world();
    world.store.next(Verb::Release, Fault::Slow(seconds(2)));
    assert!(timeout(seconds(1), fail(&world, "k")).await.is_err());
    sleep(seconds(2)).await;
    assert_eq!(call(&world, "k").await, Ok(2));
}
