//! `on_interrupt = reject`: after an attempt that died unfinished nothing runs
//! again until the ttl ends, as nobody knows whether its effect happened.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::post;
use idempotent_runtime::idempotent;
use tests::{App, Fault, Verb, World, millis, seconds};
use tokio::time::{sleep, timeout};

use crate::interruption::{die, panic_once};

#[idempotent(scope = public, on_interrupt = reject)]
async fn pay(State(app): State<App>, _: Bytes) -> Response {
    app.work.run().await
}

fn world() -> World {
    let routes = Router::new().route("/pay", post(pay));
    World::tuned(routes, |builder| builder.ttl(seconds(600)))
}

#[tokio::test(start_paused = true)]
async fn a_panic_leaves_the_outcome_unknown_until_the_ttl_ends() {
    let world = world();
    panic_once(&world).await;
    refuses_until_the_ttl_ends(&world).await;
}

#[tokio::test(start_paused = true)]
async fn a_lost_lease_leaves_the_outcome_unknown_until_the_ttl_ends() {
    let world = world();
    die(&world, seconds(1)).await;
    let during = world.post("/pay").key("k").send().await;
    assert_eq!(during, (409, "in-flight"));
    sleep(seconds(30)).await;
    refuses_until_the_ttl_ends(&world).await;
}

async fn refuses_until_the_ttl_ends(world: &World) {
    for _ in 0..3 {
        let retry = world.post("/pay").key("k").send().await;
        assert_eq!(retry, (409, "outcome-unknown"));
        assert_eq!(retry.problem()["retryable"], false);
        assert_eq!(retry.header("retry-after"), None);
    }
    let other = world.post("/pay").key("k").body("other").send().await;
    assert_eq!(other, (422, "key-reused"));
    assert_eq!(world.work.started(), 1);
    sleep(seconds(601)).await;
    let late = world.post("/pay").key("k").send().await;
    assert_eq!(late.answer(), (200, "effect 2"));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_leaves_during_a_claim_frees_no_unknown_outcome() {
    let world = world();
    panic_once(&world).await;
    world.store.next(Verb::Claim, Fault::SlowAck(seconds(1)));
    let retry = world.post("/pay").key("k").send();
    assert!(timeout(millis(100), retry).await.is_err());
    sleep(seconds(1)).await;
    let retry = world.post("/pay").key("k").send().await;
    assert_eq!(retry, (409, "outcome-unknown"));
    assert_eq!(world.work.started(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_leaves_during_a_first_claim_leaves_the_key_free() {
    let world = world();
    world.store.next(Verb::Claim, Fault::SlowAck(seconds(1)));
    let first = world.post("/pay").key("k").send();
    assert!(timeout(millis(100), first).await.is_err());
    sleep(seconds(1)).await;
    let retry = world.post("/pay").key("k").send().await;
    assert_eq!(retry.answer(), (200, "effect 1"));
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_released_its_key_leaves_nothing_unknown() {
    let world = world();
    world
        .work
        .answers(|n| StatusCode::from_u16(if n < 2 { 502 } else { 200 }).unwrap());
    let ask = || world.post("/pay").key("k").send();
    assert_eq!(ask().await.status, 502);
    assert_eq!(ask().await.status, 200);
}
