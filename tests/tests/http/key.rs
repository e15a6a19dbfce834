//! The key in its header, and requests without one.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use idempotent_runtime::{Attempt, idempotent};
use tests::{App, World};

use crate::routes;

#[idempotent(scope = public, header = "X-Request-Key")]
async fn custom(State(app): State<App>, _: Bytes) -> Response {
    app.work.run().await
}

#[idempotent(scope = public, required = false)]
async fn optional(State(app): State<App>, attempt: Attempt, _: Bytes) -> String {
    app.work.effect().await;
    format!("protected: {}", attempt.is_protected())
}

#[idempotent(scope = public, max_key_age = "24h")]
async fn fresh(State(app): State<App>, _: Bytes) -> Response {
    app.work.run().await
}

#[tokio::test]
async fn a_request_without_a_key_is_refused_and_told_the_header() {
    let world = World::new(routes());
    let reply = world.post("/pay").account("alice").send().await;
    assert_eq!(reply, (400, "key-missing"));
    assert!(reply.text().contains("idempotency-key"));
    assert_eq!(world.work.started(), 0);
}

#[tokio::test]
async fn quoted_and_bare_are_the_same_key() {
    let world = World::new(routes());
    let ask = |key| world.post("/pay").account("alice").key(key).send();
    ask("abc").await;
    for same in ["\"abc\"", "\"abc\";v=1", " abc "] {
        assert!(ask(same).await.is_replay(), "{same}");
    }
    assert_eq!(world.work.started(), 1);
}

#[tokio::test]
async fn a_malformed_key_is_refused_and_nothing_runs() {
    let world = World::new(routes());
    let long = "k".repeat(256);
    let malformed = [
        "", "\"\"", "\"open", "a b", "a,b", "a;b", "a\"b", "\"a\tb\"", "\"a\" b", "ü", &long,
    ];
    for key in malformed {
        let reply = world.post("/pay").account("alice").key(key).send().await;
        assert_eq!(reply, (400, "key-malformed"), "{key}");
    }
    assert_eq!(world.work.started(), 0);
    assert!(world.store.memory().is_empty());
}

#[tokio::test]
async fn the_longest_key_is_accepted() {
    let world = World::new(routes());
    let longest = "k".repeat(255);
    let ask = || world.post("/pay").account("alice").key(&longest).send();
    assert_eq!(ask().await.status, 200);
    assert!(ask().await.is_replay());
}

#[tokio::test]
async fn the_header_twice_is_refused_even_if_both_are_equal() {
    let world = World::new(routes());
    let twice = world.post("/pay").account("alice").key("k").key("k");
    assert_eq!(twice.send().await, (400, "key-malformed"));
    assert_eq!(world.work.started(), 0);
}

#[tokio::test]
async fn an_operation_may_name_another_header() {
    let world = World::new(Router::new().route("/custom", post(custom)));
    let ask = || world.post("/custom").header("x-request-key", "k");
    ask().send().await;
    assert!(ask().send().await.is_replay());
    // The default header is another one, and no part of the request.
    assert!(ask().key("other").send().await.is_replay());
    let missing = world.post("/custom").key("k").send().await;
    assert_eq!(missing, (400, "key-missing"));
    assert!(missing.text().contains("x-request-key"));
}

#[tokio::test]
async fn an_optional_key_leaves_a_request_without_one_unprotected() {
    let world = World::new(Router::new().route("/optional", post(optional)));
    for _ in 0..2 {
        let reply = world.post("/optional").send().await;
        assert_eq!(reply.text(), "protected: false");
    }
    assert_eq!(world.work.started(), 2);
    assert!(world.store.memory().is_empty());
}

#[tokio::test]
async fn an_optional_key_protects_a_request_that_has_one() {
    let world = World::new(Router::new().route("/optional", post(optional)));
    for _ in 0..2 {
        let reply = world.post("/optional").key("k").send().await;
        assert_eq!(reply.text(), "protected: true");
    }
    assert_eq!(world.work.started(), 1);
    let malformed = world.post("/optional").key("a b").send().await;
    assert_eq!(malformed, (400, "key-malformed"));
}

#[tokio::test]
async fn a_key_older_than_a_record_could_live_is_refused() {
    let world = World::new(Router::new().route("/fresh", post(fresh)));
    let ask = |key| world.post("/fresh").key(key).send();
    // UUIDv7 of 2024, and one of the year 2200.
    let old = ask("0192d2f4-5678-7abc-8def-0123456789ab").await;
    assert_eq!(old, (400, "key-too-old"));
    assert_eq!(old.problem()["retryable"], false);
    assert_eq!(world.work.started(), 0);
    assert_eq!(
        ask("0699bd44-5678-7abc-8def-0123456789ab").await.status,
        200
    );
    // Other keys tell no time.
    assert_eq!(
        ask("0192d2f4-5678-4abc-8def-0123456789ab").await.status,
        200
    );
    assert_eq!(ask("order-1001").await.status, 200);
}
