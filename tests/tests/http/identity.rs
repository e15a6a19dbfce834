//! One key of one caller of one operation is one effect, and nobody else's.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::post;
use idempotent_runtime::idempotent;
use tests::{Account, App, World, seconds};
use tokio::task::JoinSet;

use crate::routes;

#[idempotent(scope = account.0)]
async fn refund(State(app): State<App>, account: Account, _: Bytes) -> Response {
    app.work.run().await
}

#[idempotent(scope = public)]
async fn announce(State(app): State<App>, _: Bytes) -> Response {
    app.work.run().await
}

#[tokio::test]
async fn a_retry_gets_the_first_answer_and_has_no_effect() {
    let world = World::new(routes());
    world
        .work
        .answers(|n| (StatusCode::CREATED, [("location", "/pay/1")], n.to_string()));
    let ask = || world.post("/pay").key("k").account("alice").body("5 EUR");

    let first = ask().send().await;
    let retry = ask().send().await;

    assert_eq!(first.answer(), (201, "1"));
    assert_eq!(retry.answer(), (201, "1"));
    assert_eq!(retry.header("location"), Some("/pay/1"));
    assert!(!first.is_replay() && retry.is_replay());
    assert_eq!(world.work.started(), 1);
}

#[tokio::test(start_paused = true)]
async fn of_fifty_concurrent_duplicates_one_runs() {
    let world = World::new(routes());
    world.work.takes(seconds(1));
    let ask = || world.post("/pay").key("k").account("alice").send();

    let replies = (0..50)
        .map(|_| ask())
        .collect::<JoinSet<_>>()
        .join_all()
        .await;

    let ran = replies.iter().filter(|reply| reply.status == 200).count();
    let refused = replies.iter().filter(|reply| reply.status == 409).count();
    assert_eq!((ran, refused), (1, 49));
    assert_eq!(world.work.started(), 1);
    assert!(ask().await.is_replay());
}

#[tokio::test]
async fn keys_are_independent() {
    let world = World::new(routes());
    for key in ["a", "b", "c"] {
        let reply = world.post("/pay").key(key).account("alice").send().await;
        assert!(!reply.is_replay());
    }
    assert_eq!(world.work.started(), 3);
}

#[tokio::test]
async fn another_scope_never_gets_the_answer() {
    let world = World::new(routes());
    let alice = world.post("/pay").key("k").account("alice").send().await;
    let bob = world.post("/pay").key("k").account("bob").send().await;
    assert_eq!(alice.text(), "effect 1");
    assert_eq!(bob.text(), "effect 2");
    assert!(!bob.is_replay());
}

#[tokio::test]
async fn another_scope_is_not_told_that_the_key_is_used() {
    let world = World::new(routes());
    let alice = world.post("/pay").key("k").account("alice").body("a");
    alice.send().await;
    let bob = world.post("/pay").key("k").account("bob").body("b");
    assert_eq!(bob.send().await.status, 200);
}

#[tokio::test]
async fn a_public_scope_is_everybodys() {
    let world = World::new(Router::new().route("/announce", post(announce)));
    let ask = |account| world.post("/announce").key("k").account(account).send();
    assert_eq!(ask("alice").await.text(), "effect 1");
    assert!(ask("bob").await.is_replay());
}

#[tokio::test]
async fn another_operation_is_independent_with_the_same_key_and_body() {
    let world = World::new(routes().route("/refund", post(refund)));
    let pay = world.post("/pay").key("k").account("alice").send().await;
    let refund = world.post("/refund").key("k").account("alice").send().await;
    assert_eq!((pay.text(), refund.text()), ("effect 1", "effect 2"));
}

#[tokio::test]
async fn an_empty_scope_is_refused_with_nothing_run_and_nothing_claimed() {
    let world = World::new(routes());
    let reply = world.post("/pay").key("k").account("").send().await;
    assert_eq!(reply, (500, "scope-empty"));
    assert_eq!(world.work.started(), 0);
    assert!(world.store.memory().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_replayed_until_its_ttl_ends() {
    let world = World::tuned(routes(), |builder| builder.ttl(seconds(60)));
    let ask = || world.post("/pay").key("k").account("alice").send();
    ask().await;
    tokio::time::sleep(seconds(59)).await;
    assert!(ask().await.is_replay());
    tokio::time::sleep(seconds(2)).await;
    assert_eq!(ask().await.text(), "effect 2");
}
