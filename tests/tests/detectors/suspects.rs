//! Suspected duplicates: the same request again, under another key.

use axum::http::StatusCode;
use idempotent_runtime::Idempotency;
use idempotent_runtime::findings::FindingKind::SuspectedDuplicate;
use tests::{Meter, World, millis, seconds};
use tokio::time::{sleep, timeout};

use crate::{ask, found, routes};

const SUSPECTED: &str = "idempotency_suspected_duplicates_total";

fn world() -> World {
    World::tuned(routes(), |builder| {
        builder.detector_slots(Idempotency::DETECTOR_SLOTS)
    })
}

fn one() -> [(idempotent_runtime::findings::FindingKind, String, u64); 1] {
    [(SuspectedDuplicate, "pay".to_owned(), 1)]
}

#[tokio::test(start_paused = true)]
async fn a_client_that_makes_a_key_for_each_of_three_overlapping_tries_is_suspected() {
    let (meter, world) = (Meter::install(), world());
    world.work.takes(seconds(5));
    let tries = ["a", "b", "c"].map(|key| tokio::spawn(ask(&world, key).body("1").send()));
    for one in tries {
        one.await.unwrap();
    }
    assert_eq!(
        found(&world.idempotency),
        [(SuspectedDuplicate, "pay".to_owned(), 2)]
    );
    assert_eq!(meter.get(SUSPECTED, &["\"overlap\""]), 2.0);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_left_before_the_answer_and_asks_anew_is_suspected() {
    let (meter, world) = (Meter::install(), world());
    world.work.takes(seconds(5));
    assert!(timeout(seconds(1), ask(&world, "a").send()).await.is_err());
    sleep(seconds(10)).await;
    ask(&world, "b").send().await;
    assert_eq!(found(&world.idempotency), one());
    assert_eq!(meter.get(SUSPECTED, &["\"unseen\""]), 1.0);
}

#[tokio::test(start_paused = true)]
async fn one_failure_asked_anew_is_counted_and_two_are_a_finding() {
    let (meter, world) = (Meter::install(), world());
    world.work.answers(|_| StatusCode::BAD_GATEWAY);
    ask(&world, "a").send().await;
    ask(&world, "b").send().await;
    assert_eq!(found(&world.idempotency), []);
    ask(&world, "c").send().await;
    assert_eq!(found(&world.idempotency), one());
    assert_eq!(meter.get(SUSPECTED, &["\"failure\""]), 2.0);
}

#[tokio::test(start_paused = true)]
async fn two_equal_coffees_are_no_bug_and_six_are_asked_about() {
    let world = world();
    for key in ["a", "b", "c", "d", "e"] {
        ask(&world, key).send().await;
        assert_eq!(found(&world.idempotency), [], "{key}");
    }
    ask(&world, "f").send().await;
    assert_eq!(found(&world.idempotency), one());
}

#[tokio::test(start_paused = true)]
async fn the_same_key_another_body_another_account_or_a_refusal_is_none() {
    let (meter, world) = (Meter::install(), world());
    world.work.takes(seconds(1));
    let asks = [
        ask(&world, "a").body("1"),
        ask(&world, "a").body("1"),
        ask(&world, "b").body("2"),
        world.post("/pay").account("bob").key("c").body("1"),
    ];
    let sent = asks.map(|ask| tokio::spawn(ask.send()));
    for one in sent {
        one.await.unwrap();
    }
    world.work.answers(|_| StatusCode::UNPROCESSABLE_ENTITY);
    ask(&world, "d").body("3").send().await;
    ask(&world, "e").body("3").send().await;
    assert_eq!(meter.get(SUSPECTED, &[]), 0.0);
    assert_eq!(found(&world.idempotency), []);
}

#[tokio::test(start_paused = true)]
async fn an_equal_request_after_the_window_is_none() {
    let (meter, world) = (Meter::install(), world());
    assert!(timeout(millis(0), ask(&world, "a").send()).await.is_ok());
    sleep(seconds(130)).await;
    ask(&world, "b").send().await;
    assert_eq!(meter.get(SUSPECTED, &[]), 0.0);
}

#[tokio::test(start_paused = true)]
async fn without_a_table_nothing_is_compared() {
    let off = World::tuned(routes(), |builder| builder.detector_slots(0));
    let (meter, world) = (Meter::install(), off);
    world.work.takes(seconds(5));
    let tries = ["a", "b"].map(|key| tokio::spawn(ask(&world, key).send()));
    for one in tries {
        one.await.unwrap();
    }
    assert_eq!(meter.get(SUSPECTED, &[]), 0.0);
}
