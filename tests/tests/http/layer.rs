//! The tower layer: the same rules for routes that cannot be annotated, but
//! only 2xx and 3xx answers are final by default.

use std::time::Duration;

use axum::Extension;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};
use idempotent_runtime::http::{IdempotencyKey, IdempotencyLayer};
use idempotent_runtime::{Attempt, Idempotency, Persist};
use tests::{Ask, Fault, Verb, Work, World, millis, seconds};
use tokio::time::{sleep, timeout};

async fn act(State(work): State<Work>, _: Bytes) -> Response {
    work.run().await
}

fn account(parts: &Parts) -> Result<String, StatusCode> {
    let header = parts.headers.get("authorization");
    let header = header.and_then(|header| header.to_str().ok());
    header.map(str::to_owned).ok_or(StatusCode::UNAUTHORIZED)
}

/// A service of plain handlers behind a layer.
fn world(layer: impl FnOnce(IdempotencyLayer) -> IdempotencyLayer) -> World {
    let world = World::of_functions();
    let scoped = IdempotencyLayer::scoped_by(world.idempotency.clone(), account);
    let routes = Router::new()
        .route("/act", any(act))
        .route("/act/{id}", any(act))
        .route("/other", post(act))
        .layer(layer(scoped))
        .layer(DefaultBodyLimit::max(64));
    world.routed(Router::new().merge(routes.clone()).nest("/v2", routes))
}

fn plain() -> World {
    world(|layer| layer)
}

fn ask(world: &World, uri: &str) -> Ask {
    world.post(uri).key("k").account("alice")
}

#[tokio::test]
async fn a_retry_replays() {
    let world = plain();
    world
        .work
        .answers(|n| (StatusCode::CREATED, [("location", "/1")], n.to_string()));
    let (first, retry) = (
        ask(&world, "/act").send().await,
        ask(&world, "/act").send().await,
    );
    assert_eq!(first.answer(), (201, "1"));
    assert_eq!(retry.answer(), (201, "1"));
    assert_eq!(retry.header("location"), Some("/1"));
    assert!(!first.is_replay() && retry.is_replay());
}

#[tokio::test]
async fn only_success_and_redirects_are_final_by_default() {
    for status in [200, 201, 204, 302, 400, 401, 404, 422, 429, 500, 503] {
        let world = plain();
        let code = StatusCode::from_u16(status).unwrap();
        world.work.answers(move |_| code);
        ask(&world, "/act").send().await;
        let retry = ask(&world, "/act").send().await;
        assert_eq!(retry.status, code);
        assert_eq!(retry.is_replay(), status < 400, "{status}");
    }
}

#[tokio::test]
async fn an_answers_own_word_and_a_classifier_decide_otherwise() {
    let world = plain();
    let answer = || (StatusCode::NOT_FOUND, Extension(Persist::Yes)).into_response();
    world.work.answers(move |_| answer());
    ask(&world, "/act").send().await;
    assert!(ask(&world, "/act").send().await.is_replay());

    let world = self::world(|layer| layer.persist(|_| Persist::Yes));
    world.work.answers(|_| StatusCode::BAD_GATEWAY);
    ask(&world, "/act").send().await;
    assert!(ask(&world, "/act").send().await.is_replay());
}

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

#[tokio::test(start_paused = true)]
async fn a_duplicate_is_refused_or_waits() {
    let run = async |world: World| {
        world.work.takes(seconds(3));
        let first = tokio::spawn(ask(&world, "/act").send());
        sleep(seconds(1)).await;
        let duplicate = ask(&world, "/act").send().await;
        assert_eq!(first.await.unwrap().status, 200);
        duplicate
    };
    let refused = run(plain()).await;
    assert_eq!(refused, (409, "in-flight"));
    assert_eq!(refused.header("retry-after"), Some("1"));
    let waited = run(world(|layer| layer.wait(Duration::from_secs(5)))).await;
    assert!(waited.is_replay());
}

#[tokio::test]
async fn a_panic_is_a_500_and_releases_the_key() {
    let world = plain();
    world.work.answers(|n| {
        assert!(n > 1, "a bug");
        n.to_string()
    });
    assert_eq!(ask(&world, "/act").send().await, (500, "panicked"));
    assert_eq!(ask(&world, "/act").send().await.answer(), (200, "2"));
}

#[tokio::test]
async fn where_it_may_not_rerun_the_outcome_is_unknown() {
    let world = world(IdempotencyLayer::reject_interrupted);
    world.work.answers(|_| -> Response { panic!("a bug") });
    assert_eq!(ask(&world, "/act").send().await, (500, "panicked"));
    assert_eq!(ask(&world, "/act").send().await, (409, "outcome-unknown"));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_leaves_changes_nothing() {
    let world = plain();
    world.work.takes(seconds(5));
    let leaving = timeout(millis(100), ask(&world, "/act").send());
    assert!(leaving.await.is_err());
    sleep(seconds(5)).await;
    assert!(ask(&world, "/act").send().await.is_replay());
    assert_eq!((world.work.started(), world.work.finished()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn ttl_and_lease_are_the_layers() {
    let world = world(|layer| {
        let layer = layer.ttl(seconds(60)).unwrap();
        layer.lease(seconds(3)).unwrap()
    });
    assert!(plain_layer().ttl(seconds(0)).is_err());
    assert!(plain_layer().lease(seconds(100_000)).is_err());
    world.work.takes(seconds(2));
    ask(&world, "/act").send().await;
    assert_eq!(world.store.count(Verb::Extend), 1, "at a third of 3 s");
    sleep(seconds(61)).await;
    assert!(!ask(&world, "/act").send().await.is_replay());
}

fn plain_layer() -> IdempotencyLayer {
    IdempotencyLayer::public(Idempotency::in_memory())
}

#[tokio::test]
async fn without_a_store_nothing_runs() {
    let world = plain();
    world.store.break_down(Fault::Fail);
    assert_eq!(ask(&world, "/act").send().await, (503, "store-unavailable"));
    assert_eq!(world.work.started(), 0);
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
