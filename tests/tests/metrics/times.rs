//! What is measured, on a clock that stands still but for the bodies.

use tests::{Fault, Meter, Verb, World, millis, seconds};
use tokio::time::sleep;

use crate::routes;

const PAY: &[&str] = &["operation=\"pay\""];

#[tokio::test(start_paused = true)]
async fn an_executed_call_is_its_body_and_our_own_part() {
    let meter = Meter::install();
    let world = World::new(routes());
    world.work.takes(seconds(3));
    world.store.always(Verb::Claim, Fault::Slow(millis(20)));
    world
        .store
        .always(Verb::Complete, Fault::SlowAck(millis(30)));
    world.post("/pay").account("alice").key("k").send().await;
    assert_eq!(meter.get("idempotency_execution_seconds_sum", PAY), 3.0);
    assert_eq!(
        meter
            .get("idempotency_overhead_seconds_sum", &[])
            .to_string(),
        "0.05"
    );
    let claim = ["store=\"other\"", "verb=\"claim\""];
    assert_eq!(
        meter
            .get("idempotency_store_seconds_sum", &claim)
            .to_string(),
        "0.02"
    );
}

#[tokio::test(start_paused = true)]
async fn a_replay_tells_its_age_and_is_not_timed() {
    let meter = Meter::install();
    let world = World::new(routes());
    world.post("/pay").account("alice").key("k").send().await;
    sleep(seconds(70)).await;
    world.post("/pay").account("alice").key("k").send().await;
    assert_eq!(meter.get("idempotency_replay_age_seconds_sum", PAY), 70.0);
    assert_eq!(meter.get("idempotency_execution_seconds_count", PAY), 1.0);
    assert_eq!(meter.get("idempotency_overhead_seconds_count", &[]), 1.0);
}

#[tokio::test(start_paused = true)]
async fn a_duplicate_tells_how_long_it_waited_and_the_first_did_not() {
    let meter = Meter::install();
    let world = World::new(routes());
    world.work.takes(seconds(5));
    let first = tokio::spawn(world.post("/order").account("alice").key("k").send());
    sleep(seconds(1)).await;
    world.post("/order").account("alice").key("k").send().await;
    first.await.unwrap();
    assert_eq!(meter.get("idempotency_wait_seconds_sum", &[]), 4.0);
    assert_eq!(meter.get("idempotency_wait_seconds_count", &[]), 1.0);
}

#[tokio::test(start_paused = true)]
async fn a_long_body_with_a_live_heartbeat_uses_a_third_of_its_lease() {
    let meter = Meter::install();
    let world = World::new(routes());
    world.work.takes(seconds(300));
    world.post("/pay").account("alice").key("k").send().await;
    let used = meter.get("idempotency_lease_used_ratio_sum", PAY);
    assert!((0.3..0.4).contains(&used), "{used}");
}

#[tokio::test(start_paused = true)]
async fn the_oldest_attempt_is_shown_until_it_ends() {
    let meter = Meter::install();
    let world = World::new(routes());
    let oldest = || meter.get("idempotency_oldest_in_flight_timestamp_seconds", &[]);
    world.work.takes(seconds(35));
    let running = tokio::spawn(world.post("/pay").account("alice").key("k").send());
    sleep(seconds(31)).await;
    let began = oldest();
    assert!(began > 1e9, "{began}");
    running.await.unwrap();
    sleep(seconds(31)).await;
    assert_eq!(oldest(), 0.0);
}
