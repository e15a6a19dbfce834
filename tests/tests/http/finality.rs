//! Which answers are final: stored, and replayed to every retry.

use axum::Extension;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use idempotent_runtime::{Persist, idempotent};
use tests::{App, World};

#[idempotent(scope = public)]
async fn by_default(State(app): State<App>) -> Response {
    app.work.run().await
}

#[idempotent(scope = public, persist = success)]
async fn by_success(State(app): State<App>) -> Response {
    app.work.run().await
}

#[idempotent(scope = public, persist = all)]
async fn by_all(State(app): State<App>) -> Response {
    app.work.run().await
}

fn teapots(response: &Response) -> Persist {
    match response.status() {
        StatusCode::IM_A_TEAPOT => Persist::Yes,
        _ => Persist::No,
    }
}

#[idempotent(scope = public, persist = teapots)]
async fn by_path(State(app): State<App>) -> Response {
    app.work.run().await
}

/// Those of `statuses` whose answers are replayed.
async fn final_of(path: &str, statuses: impl IntoIterator<Item = u16>) -> Vec<u16> {
    let routes = Router::new()
        .route("/default", post(by_default))
        .route("/success", post(by_success))
        .route("/all", post(by_all))
        .route("/path", post(by_path));
    let world = World::new(routes);
    let mut stored = Vec::new();
    for status in statuses {
        let code = StatusCode::from_u16(status).unwrap();
        world.work.answers(move |_| code);
        let ask = || world.post(path).key(&status.to_string()).send();
        assert_eq!(ask().await.status, code);
        let (before, retry) = (world.work.started(), ask().await);
        assert_eq!(retry.status, code);
        assert_eq!(retry.is_replay(), world.work.started() == before);
        if retry.is_replay() {
            stored.push(status);
        }
    }
    stored
}

#[tokio::test]
async fn by_default_every_answer_but_those_that_say_not_now() {
    let not_now = [401, 408, 409, 423, 425, 429];
    let stored = final_of("/default", 200..600).await;
    let expected = (200..500).filter(|status| !not_now.contains(status));
    assert_eq!(stored, expected.collect::<Vec<_>>());
}

#[tokio::test]
async fn persist_success_keeps_2xx_and_3xx() {
    let stored = final_of("/success", [200, 204, 302, 400, 404, 422, 500, 503]).await;
    assert_eq!(stored, [200, 204, 302]);
}

#[tokio::test]
async fn persist_all_keeps_every_answer() {
    let every = [200, 302, 401, 404, 429, 500, 503];
    assert_eq!(final_of("/all", every).await, every);
}

#[tokio::test]
async fn a_classifier_decides_instead_of_the_status() {
    assert_eq!(final_of("/path", [200, 404, 418, 500]).await, [418]);
}

/// How often a handler runs for three requests of a key, whose answers have
/// this status and word of their own.
async fn runs(path: &str, status: StatusCode, own: Persist) -> u64 {
    let routes = Router::new()
        .route("/default", post(by_default))
        .route("/all", post(by_all))
        .route("/path", post(by_path));
    let world = World::new(routes);
    world
        .work
        .answers(move |_| (status, Extension(own)).into_response());
    for _ in 0..3 {
        assert_eq!(world.post(path).key("k").send().await.status, status);
    }
    world.work.started()
}

#[tokio::test]
async fn an_answers_own_word_comes_first() {
    use StatusCode as S;
    assert_eq!(runs("/default", S::BAD_GATEWAY, Persist::Yes).await, 1);
    assert_eq!(runs("/default", S::OK, Persist::No).await, 3);
    assert_eq!(runs("/all", S::OK, Persist::No).await, 3);
    assert_eq!(runs("/path", S::OK, Persist::Yes).await, 1);
    assert_eq!(runs("/path", S::IM_A_TEAPOT, Persist::No).await, 3);
}
