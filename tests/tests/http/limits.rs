//! Every bound has a clear answer, and nothing runs beyond it.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use idempotent_runtime::{MemoryStore, idempotent};
use tests::{App, Verb, World, seconds};
use tokio::time::sleep;

use crate::routes;

#[idempotent(scope = public, on_conflict = wait("1m"))]
async fn refund(State(app): State<App>, _: Bytes) -> Response {
    app.work.run().await
}

#[tokio::test(start_paused = true)]
async fn too_many_in_flight_are_refused_before_the_claim() {
    let world = World::tuned(routes(), |builder| builder.max_in_flight(2));
    world.work.takes(seconds(5));
    let ask = |key| world.post("/pay").key(key).account("alice").send();
    let (a, b) = (tokio::spawn(ask("a")), tokio::spawn(ask("b")));
    sleep(seconds(1)).await;
    let claims = world.store.count(Verb::Claim);
    let third = ask("c").await;
    assert_eq!(third, (503, "overloaded"));
    assert_eq!(third.header("retry-after"), Some("1"));
    assert_eq!(world.store.count(Verb::Claim), claims);
    assert_eq!(
        (a.await.unwrap().status, b.await.unwrap().status),
        (200.try_into().unwrap(), 200.try_into().unwrap())
    );
    assert_eq!(ask("c").await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn too_many_waiting_duplicates_are_refused() {
    let routes = Router::new().route("/refund", post(refund));
    let world = World::tuned(routes, |builder| builder.max_waiting(2));
    world.work.takes(seconds(5));
    let ask = || world.post("/refund").key("k").send();
    let first = tokio::spawn(ask());
    sleep(seconds(1)).await;
    let waiting = [tokio::spawn(ask()), tokio::spawn(ask())];
    sleep(seconds(1)).await;
    let one_more = ask().await;
    assert_eq!(one_more, (503, "overloaded"));
    assert_eq!(one_more.header("retry-after"), Some("1"));
    assert!(!first.await.unwrap().is_replay());
    for duplicate in waiting {
        assert!(duplicate.await.unwrap().is_replay());
    }
}

#[tokio::test(start_paused = true)]
async fn waiting_duplicates_keep_no_other_key_from_running() {
    let routes = Router::new().route("/refund", post(refund));
    let world = World::tuned(routes, |builder| builder.max_waiting(1));
    world.work.takes(seconds(5));
    let ask = |key| world.post("/refund").key(key).send();
    let first = tokio::spawn(ask("k"));
    sleep(seconds(1)).await;
    let waiting = tokio::spawn(ask("k"));
    sleep(seconds(1)).await;
    assert_eq!(ask("another").await.text(), "effect 2");
    assert_eq!(first.await.unwrap().text(), "effect 1");
    assert!(waiting.await.unwrap().is_replay());
    assert!(ask("k").await.is_replay());
}

#[tokio::test]
async fn a_scope_past_its_quota_is_refused_and_others_are_not() {
    let world = World::tuned(routes(), |builder| builder.quota_per_scope(2));
    let ask = |key, account| world.post("/pay").key(key).account(account).send();
    ask("a", "alice").await;
    ask("b", "alice").await;
    let third = ask("c", "alice").await;
    assert_eq!(third, (429, "quota-exceeded"));
    assert_eq!(third.problem()["retryable"], true);
    assert!(third.header("retry-after").is_some());
    assert_eq!(world.work.started(), 2);
    assert!(ask("a", "alice").await.is_replay());
    assert_eq!(ask("c", "bob").await.status, 200);
}

#[tokio::test]
async fn a_full_store_refuses_new_keys_and_forgets_none() {
    let memory = MemoryStore::builder()
        .max_records(16)
        .quota_per_scope(17)
        .build();
    let world = World::over(memory, routes(), |builder| builder);
    let ask = |n: usize| {
        world
            .post("/pay")
            .key(&n.to_string())
            .account("alice")
            .send()
    };
    for n in 0..16 {
        ask(n).await;
    }
    let full = ask(16).await;
    assert_eq!(full, (503, "store-full"));
    assert_eq!(full.problem()["retryable"], true);
    assert!(full.header("retry-after").is_some());
    for n in 0..16 {
        assert!(ask(n).await.is_replay());
    }
    assert_eq!(world.work.started(), 16);
}
