//! Each call counts once, by what became of it; each body once, by why it
//! started.

use axum::http::StatusCode;
use tests::{Fault, Meter, Verb, World, millis, seconds};
use tokio::time::{sleep, timeout};

use crate::routes;

const REQUESTS: &str = "idempotency_requests_total";
const EXECUTIONS: &str = "idempotency_executions_total";

/// What was counted by this label, where it was.
fn counted(meter: &Meter, name: &str, label: &str, values: &[&str]) -> Vec<(String, f64)> {
    let value = |value: &&str| {
        (
            value.to_string(),
            meter.get(name, &[&format!("{label}=\"{value}\"")]),
        )
    };
    values.iter().map(value).collect()
}

fn expected(values: &[(&str, f64)]) -> Vec<(String, f64)> {
    let value = |(value, count): &(&str, f64)| (value.to_string(), *count);
    values.iter().map(value).collect()
}

#[tokio::test(start_paused = true)]
async fn every_call_is_counted_once_by_its_outcome() {
    let meter = Meter::install();
    let world = World::new(routes());
    let pay = |key: &'static str| world.post("/pay").account("alice").key(key).body("1");
    pay("a").send().await; // executed
    pay("a").send().await; // replayed
    world
        .post("/pay")
        .account("alice")
        .key("a")
        .body("2")
        .send()
        .await; // another request
    world.post("/pay").account("alice").send().await; // without a key
    world.post("/order").account("alice").send().await; // without one where it must be
    world.post("/pay").account("alice").key("\"").send().await; // malformed
    world.work.answers(|_| StatusCode::BAD_GATEWAY);
    pay("b").send().await; // released
    world
        .work
        .answers(|_| -> StatusCode { panic!("as the test says") });
    pay("c").send().await; // panicked
    world.work.answers(|_| "paid");
    world.work.takes(seconds(5));
    let first = tokio::spawn(pay("d").send()); // executed
    sleep(millis(10)).await;
    pay("d").send().await; // in flight
    first.await.unwrap();
    world.store.break_down(Fault::Fail);
    pay("e").send().await; // the store is away
    world.store.heal();
    let of = [
        ("executed", 2.0),
        ("replayed", 1.0),
        ("key_reused", 1.0),
        ("bypassed", 1.0),
        ("key_missing", 1.0),
        ("key_malformed", 1.0),
        ("released", 1.0),
        ("panicked", 1.0),
        ("in_flight", 1.0),
        ("store_unavailable", 1.0),
    ];
    let values = of.map(|(value, _)| value);
    assert_eq!(counted(&meter, REQUESTS, "outcome", &values), expected(&of));
    assert_eq!(meter.get(REQUESTS, &[]), 11.0);
    let claims = meter.get("idempotency_store_errors_total", &["verb=\"claim\""]);
    assert_eq!(claims, 2.0, "a claim without an answer is sent twice");
}

#[tokio::test(start_paused = true)]
async fn a_body_is_counted_by_why_it_starts() {
    let meter = Meter::install();
    let world = World::tuned(routes(), |builder| builder.ttl(seconds(1000)));
    let pay = || world.post("/pay").account("alice").key("k");
    world.work.answers(|_| StatusCode::BAD_GATEWAY);
    pay().send().await; // first
    world.work.answers(|n| {
        if n == 2 {
            panic!("as the test says")
        } else {
            StatusCode::OK
        }
    });
    pay().send().await; // retry
    pay().send().await; // takeover
    sleep(seconds(1001)).await;
    pay().send().await; // expired
    world.post("/pay").account("alice").send().await; // bypass
    let of = ["first", "retry", "takeover", "expired", "bypass"].map(|cause| (cause, 1.0));
    let values = of.map(|(value, _)| value);
    assert_eq!(counted(&meter, EXECUTIONS, "cause", &values), expected(&of));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_leaves_does_not_change_what_became_of_its_call() {
    let meter = Meter::install();
    let world = World::new(routes());
    world.work.takes(seconds(5));
    assert!(
        timeout(
            seconds(1),
            world.post("/pay").account("alice").key("k").send()
        )
        .await
        .is_err()
    );
    assert_eq!(
        meter.get("idempotency_in_flight", &["operation=\"pay\""]),
        1.0
    );
    sleep(seconds(5)).await;
    assert_eq!(meter.get(REQUESTS, &["outcome=\"executed\""]), 1.0);
    assert_eq!(meter.get(REQUESTS, &["outcome=\"cancelled\""]), 0.0);
    assert_eq!(
        meter.get("idempotency_in_flight", &["operation=\"pay\""]),
        0.0
    );
}

#[tokio::test(start_paused = true)]
async fn who_leaves_while_waiting_has_cancelled() {
    let meter = Meter::install();
    let world = World::new(routes());
    world.work.takes(seconds(5));
    let first = tokio::spawn(world.post("/order").account("alice").key("k").send());
    sleep(millis(10)).await;
    assert!(
        timeout(
            seconds(1),
            world.post("/order").account("alice").key("k").send()
        )
        .await
        .is_err()
    );
    first.await.unwrap();
    assert_eq!(meter.get(REQUESTS, &["outcome=\"cancelled\""]), 1.0);
}

#[tokio::test(start_paused = true)]
async fn a_paused_attempt_has_lost_and_was_stale_once() {
    let meter = Meter::install();
    let world = World::new(routes());
    world.work.takes(seconds(100));
    world.store.always(Verb::Extend, Fault::Fail);
    let paused = tokio::spawn(world.post("/pay").account("alice").key("k").send());
    sleep(seconds(32)).await;
    world.store.heal();
    world.work.takes(seconds(1));
    world.post("/pay").account("alice").key("k").send().await;
    assert!(paused.await.unwrap().is_replay());
    assert_eq!(meter.get(REQUESTS, &["outcome=\"lost\""]), 1.0);
    assert_eq!(meter.get("idempotency_stale_completions_total", &[]), 1.0);
    assert_eq!(meter.get("idempotency_leases_lost_total", &[]), 1.0);
}
