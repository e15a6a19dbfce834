//! The tower layer: the same rules for routes that cannot be annotated, but
//! only 2xx and 3xx answers are final by default.

use std::time::Duration;

use axum::Extension;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};
use idempotent_runtime::http::IdempotencyLayer;
use idempotent_runtime::{Idempotency, Persist};
use tests::{Ask, Fault, Verb, Work, World, millis, seconds};
use tokio::time::{sleep, timeout};

pub(crate) async fn act(State(work): State<Work>, _: Bytes) -> Response {
    work.run().await
}

fn account(parts: &Parts) -> Result<String, StatusCode> {
    let header = parts.headers.get("authorization");
    let header = header.and_then(|header| header.to_str().ok());
    header.map(str::to_owned).ok_or(StatusCode::UNAUTHORIZED)
}

/// A service of plain handlers behind a layer.
pub(crate) fn world(layer: impl FnOnce(IdempotencyLayer) -> IdempotencyLayer) -> World {
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

pub(crate) fn plain() -> World {
    world(|layer| layer)
}

pub(crate) fn ask(world: &World, uri: &str) -> Ask {
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
