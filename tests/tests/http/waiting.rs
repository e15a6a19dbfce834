//! `on_conflict = wait("…")`: a duplicate gets the answer of the first.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::post;
use idempotent_runtime::idempotent;
use tests::{App, World, millis, seconds};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

#[idempotent(scope = public, on_conflict = wait("5s"))]
async fn refund(State(app): State<App>, _: Bytes) -> Response {
    app.work.run().await
}

fn world(takes: std::time::Duration) -> World {
    let world = World::new(Router::new().route("/refund", post(refund)));
    world.work.takes(takes);
    world
}

#[tokio::test(start_paused = true)]
async fn a_duplicate_waits_and_gets_the_answer_as_soon_as_it_is_there() {
    let world = world(seconds(3));
    let first = tokio::spawn(world.post("/refund").key("k").send());
    sleep(seconds(1)).await;
    let began = Instant::now();
    let duplicate = world.post("/refund").key("k").send().await;
    assert!(duplicate.is_replay());
    assert_eq!(duplicate.answer(), first.await.unwrap().answer());
    assert!(began.elapsed() < millis(2_100), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn many_duplicates_wait_together() {
    let world = world(seconds(3));
    let asks = (0..50).map(|_| world.post("/refund").key("k").send());
    let replies = asks.into_iter().collect::<JoinSet<_>>().join_all().await;
    assert!(
        replies
            .iter()
            .all(|reply| reply.answer() == (200, "effect 1"))
    );
    assert_eq!(replies.iter().filter(|reply| reply.is_replay()).count(), 49);
}

#[tokio::test(start_paused = true)]
async fn a_duplicate_that_waited_in_vain_is_refused_with_the_age_of_the_first() {
    let world = world(seconds(60));
    let first = tokio::spawn(world.post("/refund").key("k").send());
    sleep(seconds(2)).await;
    let began = Instant::now();
    let asks = (0..3).map(|_| world.post("/refund").key("k").send());
    for duplicate in asks.into_iter().collect::<JoinSet<_>>().join_all().await {
        assert_eq!(duplicate, (409, "in-flight"));
        assert_eq!(duplicate.header("retry-after"), Some("7"));
    }
    assert_eq!(began.elapsed().as_secs(), 5);
    first.abort();
}

#[tokio::test(start_paused = true)]
async fn a_duplicate_runs_when_the_first_released_the_key() {
    let world = world(seconds(3));
    world.work.answers(|n| {
        if n == 1 {
            StatusCode::BAD_GATEWAY
        } else {
            StatusCode::OK
        }
    });
    let first = tokio::spawn(world.post("/refund").key("k").send());
    sleep(seconds(1)).await;
    let duplicate = world.post("/refund").key("k").send().await;
    assert_eq!(first.await.unwrap().status, 502);
    assert_eq!(
        (duplicate.status.as_u16(), duplicate.is_replay()),
        (200, false)
    );
    assert_eq!(world.work.started(), 2);
}

#[tokio::test(start_paused = true)]
async fn another_request_under_the_key_does_not_wait() {
    let world = world(seconds(60));
    let first = tokio::spawn(world.post("/refund").key("k").send());
    sleep(seconds(1)).await;
    let began = Instant::now();
    let other = world.post("/refund").key("k").body("other").send().await;
    assert_eq!(other, (422, "key-reused"));
    assert!(began.elapsed() < millis(10));
    first.abort();
}
