//! Duplicate executions, by the store's verdicts.

use axum::http::StatusCode;
use idempotent_runtime::findings::FindingKind::{DuplicateExecution, LeasePressure, ReplayDrift};
use idempotent_runtime::idempotent;
use tests::{Fault, Logged, Meter, Verb, World, millis, seconds};
use tokio::time::sleep;

use crate::{ask, count, found, routes};

/// A world whose first attempt, of 100 s, lost its lease of 30 s; it is 32.
async fn paused() -> (World, tokio::task::JoinHandle<tests::Reply>) {
    let world = World::new(routes());
    world.work.takes(seconds(100));
    world.store.always(Verb::Extend, Fault::Fail);
    let paused = tokio::spawn(ask(&world, "k").send());
    sleep(seconds(32)).await;
    world.store.heal();
    world.work.takes(seconds(1));
    (world, paused)
}

#[tokio::test(start_paused = true)]
async fn two_bodies_that_ended_for_one_key_are_one_duplicate() {
    let (meter, logged) = (Meter::install(), Logged::install());
    let (world, paused) = paused().await;
    world.work.answers(|_| "paid");
    ask(&world, "k").send().await;
    assert_eq!(
        count(&world, DuplicateExecution),
        0,
        "the first is still at it"
    );
    paused.await.unwrap();
    let pay = || "pay".to_owned();
    let expected = [(DuplicateExecution, pay(), 1), (LeasePressure, pay(), 2)];
    assert_eq!(found(&world.idempotency), expected);
    assert_eq!(
        meter.get("idempotency_duplicate_executions_total", &["\"pay\""]),
        1.0
    );
    assert_eq!(logged.lines(&["ERROR", "duplicate execution"]).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn where_a_winner_is_slow_the_duplicate_is_learned_after_the_caller_has_left() {
    let (world, paused) = paused().await;
    world.work.takes(seconds(600));
    let winner = tokio::spawn(ask(&world, "k").send());
    assert_eq!(paused.await.unwrap(), (409, "in-flight"));
    assert_eq!(count(&world, DuplicateExecution), 0);
    winner.await.unwrap();
    sleep(seconds(40)).await;
    assert_eq!(count(&world, DuplicateExecution), 1);
    assert_eq!(world.idempotency.in_flight(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_a_release_is_none() {
    let world = World::new(routes());
    world.work.answers(|n| {
        if n == 1 {
            StatusCode::BAD_GATEWAY
        } else {
            StatusCode::OK
        }
    });
    ask(&world, "k").send().await;
    ask(&world, "k").send().await;
    ask(&world, "k").send().await;
    assert_eq!(world.work.finished(), 2);
    assert_eq!(found(&world.idempotency), []);
}

#[tokio::test(start_paused = true)]
async fn where_the_second_body_released_the_first_is_no_duplicate() {
    let (world, paused) = paused().await;
    world.work.answers(|n| {
        if n == 2 {
            StatusCode::BAD_GATEWAY
        } else {
            StatusCode::OK
        }
    });
    ask(&world, "k").send().await;
    sleep(seconds(100)).await;
    assert_eq!(paused.await.unwrap().status, StatusCode::OK);
    assert_eq!(count(&world, DuplicateExecution), 0);
}

#[tokio::test(start_paused = true)]
async fn a_lost_acknowledgement_of_the_own_answer_is_none() {
    let world = World::new(routes());
    world.store.always(Verb::Complete, Fault::LoseAck);
    let reply = ask(&world, "k").send().await;
    assert!(reply.status.is_success());
    sleep(seconds(1)).await;
    world.store.heal();
    sleep(seconds(100)).await;
    assert_eq!(count(&world, DuplicateExecution), 0);
    assert!(ask(&world, "k").send().await.is_replay());
}

#[tokio::test(start_paused = true)]
async fn a_takeover_of_a_body_that_never_ended_is_none() {
    #[idempotent(store = world.idempotency, key = "k", name = "dies")]
    async fn dies(world: std::sync::Arc<World>) -> Result<u64, tests::Refusal> {
        Ok(world.work.effect().await)
    }
    let world = std::sync::Arc::new(World::of_functions());
    world.work.takes(seconds(5));
    // Dropped in its body, as by a process that is killed.
    let died = tokio::time::timeout(millis(100), dies(world.clone())).await;
    assert!(died.is_err());
    sleep(millis(1)).await; // its record is given back
    assert_eq!(dies(world.clone()).await, Ok(2));
    assert_eq!(found(&world.idempotency), []);
}

#[tokio::test(start_paused = true)]
async fn two_bodies_that_answered_differently_drift() {
    let meter = Meter::install();
    let (world, paused) = paused().await;
    ask(&world, "k").send().await; // "effect 2", and the first says "effect 1"
    paused.await.unwrap();
    assert_eq!(count(&world, ReplayDrift), 1);
    assert_eq!(
        meter.get("idempotency_replay_drift_total", &["\"takeover\""]),
        1.0
    );
}

#[tokio::test(start_paused = true)]
async fn two_bodies_that_answered_the_same_but_for_the_order_do_not_drift() {
    let (world, paused) = paused().await;
    world.work.answers(|n| {
        let json = if n == 1 {
            r#"{"id":7,"by":"a"}"#
        } else {
            r#"{"by":"a","id":7}"#
        };
        ([("content-type", "application/json")], json)
    });
    ask(&world, "k").send().await;
    paused.await.unwrap();
    assert_eq!(count(&world, DuplicateExecution), 1);
    assert_eq!(count(&world, ReplayDrift), 0);
}
