//! Attempts that die unfinished: by a panic, or with their process.

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use idempotent_runtime::{Attempt, Persist, idempotent};
use tests::{App, Fault, Reply, Verb, World, millis, seconds};
use tokio::time::{sleep, timeout};

#[idempotent(scope = public)]
async fn pay(State(app): State<App>, attempt: Attempt, _: Bytes) -> Response {
    let previous = attempt.previous();
    let answer = app.work.run().await;
    let fence = attempt.fence().get();
    (
        [
            ("x-previous", format!("{previous:?}")),
            ("x-fence", fence.to_string()),
        ],
        answer,
    )
        .into_response()
}

fn world() -> World {
    World::new(Router::new().route("/pay", post(pay)))
}

/// A first request whose body panics.
pub(crate) async fn panic_once(world: &World) -> Reply {
    world.work.answers(|n| {
        assert!(n > 1, "a bug in the body");
        format!("effect {n}")
    });
    world.post("/pay").key("k").send().await
}

/// A first request whose process dies under it: it neither goes on nor says
/// anything more to the store.
pub(crate) async fn die(world: &World, after: Duration) {
    world.work.takes(seconds(60));
    let mut sent = Box::pin(world.post("/pay").key("k").send());
    assert!(timeout(after, &mut sent).await.is_err());
    std::mem::forget(sent);
    world.store.always(Verb::Extend, Fault::Fail);
    world.work.takes(seconds(0));
}

#[tokio::test]
async fn a_panic_is_a_500_and_a_retry_runs_again() {
    let world = world();
    let first = panic_once(&world).await;
    assert_eq!(first, (500, "panicked"));
    assert_eq!(first.problem()["retryable"], false);
    assert_eq!(first.header("retry-after"), None);
    let retry = world.post("/pay").key("k").send().await;
    assert_eq!(retry.answer(), (200, "effect 2"));
    assert_eq!(retry.header("x-previous"), Some("Interrupted"));
    assert_eq!(world.idempotency.in_flight(), 0);
}

#[tokio::test]
async fn a_panics_message_reaches_nobody() {
    let world = world();
    let first = panic_once(&world).await;
    assert!(!first.text().contains("bug in the body"));
}

#[tokio::test]
async fn an_interrupted_key_is_not_free_for_another_request() {
    let world = world();
    panic_once(&world).await;
    let other = world.post("/pay").key("k").body("other").send().await;
    assert_eq!(other, (422, "key-reused"));
    assert_eq!(world.post("/pay").key("k").send().await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_panic_after_the_client_left_frees_the_key() {
    let world = world();
    world.work.takes(seconds(1));
    assert!(timeout(millis(100), panic_once(&world)).await.is_err());
    sleep(seconds(1)).await;
    let retry = world.post("/pay").key("k").send().await;
    assert_eq!(retry.answer(), (200, "effect 2"));
}

#[tokio::test]
async fn a_panicking_conversion_or_classifier_is_a_500_too() {
    struct Bug;
    impl IntoResponse for Bug {
        fn into_response(self) -> Response {
            panic!("a bug in a conversion")
        }
    }
    #[idempotent(scope = public)]
    async fn converts(State(app): State<App>) -> Bug {
        app.work.effect().await;
        Bug
    }
    fn classify(_: &Response) -> Persist {
        panic!("a bug in a classifier")
    }
    #[idempotent(scope = public, persist = classify)]
    async fn classifies(State(app): State<App>) -> Response {
        app.work.run().await
    }
    let routes = Router::new().route("/converts", post(converts));
    let world = World::new(routes.route("/classifies", post(classifies)));
    for (path, runs) in [("/converts", 2), ("/classifies", 4)] {
        for _ in 0..2 {
            let reply = world.post(path).key("k").send().await;
            assert_eq!(reply, (500, "panicked"));
        }
        assert_eq!(world.work.started(), runs);
    }
}

#[tokio::test(start_paused = true)]
async fn after_its_lease_a_dead_attempt_is_taken_over() {
    let world = world();
    die(&world, seconds(1)).await;
    assert_eq!(world.post("/pay").key("k").send().await, (409, "in-flight"));
    sleep(seconds(30)).await;
    let retry = world.post("/pay").key("k").send().await;
    assert_eq!(retry.answer(), (200, "effect 2"));
    assert_eq!(retry.header("x-previous"), Some("TakenOver"));
}

#[tokio::test(start_paused = true)]
async fn a_dead_attempts_key_is_not_free_for_another_request() {
    let world = world();
    die(&world, seconds(1)).await;
    sleep(seconds(30)).await;
    let other = world.post("/pay").key("k").body("other").send().await;
    assert_eq!(other, (422, "key-reused"));
}

#[tokio::test(start_paused = true)]
async fn fences_rise_from_attempt_to_attempt() {
    let world = world();
    world
        .work
        .answers(|n| axum::http::StatusCode::from_u16(if n < 4 { 502 } else { 200 }).unwrap());
    let mut fences = Vec::new();
    for _ in 0..4 {
        let reply = world.post("/pay").key("k").send().await;
        fences.push(reply.header("x-fence").unwrap().parse::<u64>().unwrap());
    }
    assert!(fences.is_sorted_by(|a, b| a < b), "{fences:?}");
    // The replay has the fence of the attempt that it is the answer of.
    let replay = world.post("/pay").key("k").send().await;
    assert_eq!(replay.header("x-fence"), Some(&*fences[3].to_string()));
}
