//! A duplicate while the first runs, and a key used for another request.

use axum::http::StatusCode;
use tests::{Fault, Reply, Verb, World, millis, seconds};
use tokio::time::sleep;

use crate::routes;

/// A payment that takes a minute, and a duplicate of it after `wait`.
async fn duplicate_after(wait: std::time::Duration, world: &World) -> Reply {
    world.work.takes(seconds(60));
    let ask = || world.post("/pay").key("k").account("alice").body("5 EUR");
    let first = tokio::spawn(ask().send());
    sleep(wait).await;
    let duplicate = ask().send().await;
    first.abort();
    duplicate
}

#[tokio::test(start_paused = true)]
async fn a_duplicate_while_the_first_runs_is_refused_and_may_be_retried() {
    let world = World::new(routes());
    let duplicate = duplicate_after(millis(100), &world).await;
    assert_eq!(duplicate, (409, "in-flight"));
    assert_eq!(duplicate.problem()["retryable"], true);
    assert_eq!(duplicate.header("retry-after"), Some("1"));
    assert_eq!(world.work.started(), 1);
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_the_age_of_the_first_rounded_up() {
    let world = World::new(routes());
    let duplicate = duplicate_after(seconds(7), &world).await;
    assert_eq!(duplicate.header("retry-after"), Some("7"));
    let world = World::new(routes());
    let duplicate = duplicate_after(millis(7_200), &world).await;
    assert_eq!(duplicate.header("retry-after"), Some("8"));
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_never_past_the_lease_of_the_first() {
    // A heartbeat that does not get through leaves the lease to run out.
    let world = World::new(routes());
    world.store.always(Verb::Extend, Fault::Fail);
    let duplicate = duplicate_after(seconds(26), &world).await;
    assert_eq!(duplicate.header("retry-after"), Some("4"));
    // One that does keeps most of it: two thirds at least.
    let world = World::new(routes());
    let duplicate = duplicate_after(seconds(29), &world).await;
    assert_eq!(duplicate.header("retry-after"), Some("21"));
}

#[tokio::test]
async fn the_same_key_with_another_body_is_refused_for_good() {
    let world = World::new(routes());
    let ask = |body| world.post("/pay").key("k").account("alice").body(body);
    ask("5 EUR").send().await;
    let other = ask("6 EUR").send().await;
    assert_eq!(other, (422, "key-reused"));
    assert_eq!(other.problem()["retryable"], false);
    assert_eq!(other.header("retry-after"), None);
    assert_eq!(world.work.started(), 1);
}

#[tokio::test]
async fn a_mismatch_tells_nothing_of_the_stored_request_or_answer() {
    let world = World::new(routes());
    world.work.answers(|_| {
        let headers = [("x-receipt", "receipt-8731"), ("location", "/pay/8731")];
        (StatusCode::CREATED, headers, "card 4242")
    });
    let ask = |body| world.post("/pay").key("k-8731").account("alice").body(body);
    ask("cvc 911").send().await;
    let other = ask("guess").send().await;
    let everything = format!("{other:?}");
    assert_eq!(other, (422, "key-reused"));
    for secret in ["8731", "4242", "911", "201", "alice"] {
        assert!(!everything.contains(secret), "{secret} in {everything}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_mismatch_outranks_a_conflict_while_the_first_runs() {
    let world = World::new(routes());
    world.work.takes(seconds(60));
    let ask = |body| world.post("/pay").key("k").account("alice").body(body);
    let first = tokio::spawn(ask("5 EUR").send());
    sleep(seconds(1)).await;
    let other = ask("6 EUR").send().await;
    assert_eq!(other, (422, "key-reused"));
    assert_eq!(ask("5 EUR").send().await, (409, "in-flight"));
    assert_eq!(first.await.unwrap().status, 200);
}

#[tokio::test]
async fn a_released_key_is_free_for_any_request() {
    let world = World::new(routes());
    world.work.answers(|n| {
        if n == 1 {
            StatusCode::BAD_GATEWAY
        } else {
            StatusCode::OK
        }
    });
    let ask = |body| world.post("/pay").key("k").account("alice").body(body);
    assert_eq!(ask("5 EUR").send().await.status, 502);
    assert_eq!(ask("6 EUR").send().await.status, 200);
    assert_eq!(ask("5 EUR").send().await, (422, "key-reused"));
}
