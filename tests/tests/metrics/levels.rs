//! Each change of state is an event of its level: what an operator must look
//! at is a warning, and what a client does, right or wrong, is below INFO.

use axum::http::StatusCode;
use idempotent_runtime::SweepSchedule;
use tests::{Ask, Fault, Logged, Verb, World, seconds};
use tokio::time::sleep;

use crate::routes;

/// How often this was told, if at this level only.
fn told(logged: &Logged, level: &str, what: &str) -> usize {
    let what = format!(" idempotent: {what}");
    let lines = logged.lines(&[&what]);
    let level = format!(" {level} ");
    assert!(lines.iter().all(|it| it.contains(&level)), "{lines:#?}");
    lines.len()
}

/// Asks twice, a second apart.
async fn at_once(world: &World, ask: impl Fn() -> Ask) {
    world.work.takes(seconds(5));
    let first = tokio::spawn(ask().send());
    sleep(seconds(1)).await;
    ask().send().await;
    first.await.expect("an answer");
    world.work.takes(seconds(0));
}

#[tokio::test(start_paused = true)]
async fn what_clients_do_is_told_below_info() {
    let (logged, world) = (Logged::install(), World::new(routes()));
    let pay = |key: &str| world.post("/pay").account("alice").key(key);
    pay("k").send().await;
    pay("k").send().await;
    pay("k").body("another").send().await;
    world.post("/order").account("alice").send().await;
    at_once(&world, || pay("at-once")).await;
    at_once(&world, || world.post("/order").account("alice").key("k")).await;
    world.work.answers(|_| StatusCode::BAD_GATEWAY);
    pay("later").send().await;
    for (what, times) in [
        ("claimed", 4),
        ("executed", 3),
        ("replayed", 2),
        ("key reused", 1),
        ("conflict", 1),
        ("waited", 1),
        ("released", 1),
    ] {
        assert_eq!(told(&logged, "DEBUG", what), times, "{what}");
    }
    // The key reused, the conflict, and the order without a key.
    assert_eq!(told(&logged, "DEBUG", "refused"), 3);
    assert!(told(&logged, "TRACE", "the store answered") > 0);
    for level in [" INFO ", " WARN ", " ERROR "] {
        let lines = logged.lines(&[level]);
        assert!(lines.is_empty(), "{lines:#?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_an_operator_must_look_at_is_a_warning() {
    let (logged, world) = (Logged::install(), World::new(routes()));
    let pay = || world.post("/pay").account("alice").key("k");
    world.work.takes(seconds(100));
    world.store.always(Verb::Extend, Fault::Fail);
    let paused = tokio::spawn(pay().send());
    sleep(seconds(32)).await;
    world.store.heal();
    world.work.takes(seconds(1));
    pay().send().await;
    assert!(paused.await.expect("an answer").is_replay());
    let panics = |n| -> StatusCode { panic!("body {n}, as the test says") };
    world.work.answers(panics);
    world.post("/pay").account("alice").key("dies").send().await;
    assert!(told(&logged, "WARN", "store error") > 0);
    for what in ["lease lost", "takeover", "stale completion", "interrupted"] {
        assert_eq!(told(&logged, "WARN", what), 1, "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_sweeper_tells_when_it_starts_and_stops_and_each_round_below() {
    let (logged, world) = (Logged::install(), World::new(routes()));
    let schedule = SweepSchedule::every(seconds(60));
    let sweeper = world.idempotency.spawn_sweeper(schedule);
    sleep(seconds(180)).await;
    assert_eq!(told(&logged, "INFO", "sweeper started"), 1);
    assert!(told(&logged, "DEBUG", "swept") >= 2);
    assert_eq!(world.idempotency.shutdown(seconds(1)).await, 0);
    sweeper.await.expect("its end");
    assert_eq!(told(&logged, "INFO", "sweeper stopped"), 1);
}
