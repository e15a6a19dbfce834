//! What the layer makes of a request: whether it guards it, whose it is, its
//! key, and the operation that it asks for.

use axum::Router;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::routing::post;
use idempotent_runtime::Attempt;
use idempotent_runtime::http::{IdempotencyKey, IdempotencyLayer};
use tests::{Work, World};

use crate::layer::{act, ask, plain, world};

#[tokio::test]
async fn safe_methods_pass_by() {
    let world = plain();
    for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
        for _ in 0..2 {
            let reply = world.ask(method.clone(), "/act").key("k").send().await;
            assert_eq!((reply.status.as_u16(), reply.is_replay()), (200, false));
        }
    }
    assert!(world.store.memory().is_empty());
}

#[tokio::test]
async fn authentication_comes_before_the_key_and_the_key_before_the_body() {
    let world = plain();
    assert_eq!(world.post("/act").send().await.status, 401);
    assert_eq!(world.post("/act").key("k").send().await.status, 401);
    let large = || "x".repeat(65);
    let unauthorised = world.post("/act").key("k").body(large());
    assert_eq!(unauthorised.send().await.status, 401);
    let keyless = world.post("/act").account("alice").body(large());
    assert_eq!(keyless.send().await, (400, "key-missing"));
    let too_large = ask(&world, "/act").body(large()).send().await;
    assert_eq!(too_large.status, 413);
    assert_eq!(world.work.started(), 0);
    assert!(world.store.memory().is_empty());
}

#[tokio::test]
async fn the_key_is_read_by_the_same_rules() {
    let world = plain();
    ask(&world, "/act").send().await;
    let quoted = world.post("/act").account("alice").key("\"k\"");
    assert!(quoted.send().await.is_replay());
    let twice = ask(&world, "/act").key("k").send().await;
    assert_eq!(twice, (400, "key-malformed"));
}

#[tokio::test]
async fn another_header_and_an_optional_key() {
    let world = world(|layer| layer.header("x-request-key").optional());
    for _ in 0..2 {
        assert!(!world.post("/act").send().await.is_replay());
    }
    let keyed = || {
        world
            .post("/act")
            .account("alice")
            .header("x-request-key", "k")
    };
    keyed().send().await;
    assert!(keyed().send().await.is_replay());
    assert_eq!(world.work.started(), 3);
}

#[tokio::test]
async fn scopes_are_independent_and_an_empty_one_is_refused() {
    let world = plain();
    ask(&world, "/act").send().await;
    let bob = world.post("/act").key("k").account("bob").send().await;
    assert!(!bob.is_replay());
    let nobody = world.post("/act").key("k").account("").send().await;
    assert_eq!(nobody, (500, "scope-empty"));
    assert_eq!(world.work.started(), 2);
}

#[tokio::test]
async fn an_operation_is_a_method_and_a_template() {
    let world = plain();
    let of = |method, uri| world.ask(method, uri).key("k").account("alice").send();
    of(Method::POST, "/act").await;
    // Other operations: the key is theirs too.
    for (method, uri) in [
        (Method::PUT, "/act"),
        (Method::POST, "/other"),
        (Method::POST, "/act/1"),
        (Method::POST, "/v2/act"),
    ] {
        assert!(!of(method, uri).await.is_replay(), "{uri}");
    }
    // Another request of the same operation.
    assert_eq!(of(Method::POST, "/act/2").await, (422, "key-reused"));
    assert_eq!(of(Method::POST, "/act?x").await, (422, "key-reused"));
}

#[tokio::test]
async fn a_name_makes_all_routes_one_operation() {
    let world = world(|layer| layer.name("shop"));
    ask(&world, "/act").send().await;
    assert_eq!(ask(&world, "/other").send().await, (422, "key-reused"));
}

#[tokio::test]
async fn a_public_layer_has_one_space_of_keys() {
    let world = World::of_functions();
    let layer = IdempotencyLayer::public(world.idempotency.clone());
    let world = world.routed(Router::new().route("/act", post(act)).layer(layer));
    ask(&world, "/act").send().await;
    let anybody = world.post("/act").key("k").send().await;
    assert!(anybody.is_replay());
}

#[tokio::test]
async fn handlers_behind_it_see_their_key_and_attempt() {
    async fn sees(key: IdempotencyKey, attempt: Attempt) -> String {
        let key = key.get().map(|key| key.as_str().to_owned());
        format!(
            "{key:?} {} {}",
            attempt.is_protected(),
            attempt.fence().get() > 0
        )
    }
    let world = World::of_functions();
    let layer = IdempotencyLayer::public(world.idempotency.clone()).optional();
    let world = world.routed(Router::new().route("/sees", post(sees)).layer(layer));
    let protected = world.post("/sees").key("k").send().await;
    assert_eq!(protected.text(), "Some(\"k\") true true");
    let unprotected = world.post("/sees").send().await;
    assert_eq!(unprotected.text(), "None false false");
}

#[tokio::test]
async fn what_no_route_matches_is_one_operation_and_not_final() {
    let world = World::of_functions();
    let layer = IdempotencyLayer::public(world.idempotency.clone());
    let fallback = |State(work): State<Work>| async move { work.run().await };
    let world = world.routed(Router::new().fallback(fallback).layer(layer));
    world.work.answers(|_| StatusCode::NOT_FOUND);
    for _ in 0..2 {
        let reply = world.post("/nowhere").key("k").send().await;
        assert_eq!((reply.status.as_u16(), reply.is_replay()), (404, false));
    }
}
