//! Statuses and bodies of every shape are replayed as they were.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{any, get};
use idempotent_runtime::idempotent;
use tests::{App, Reply, World};

#[idempotent(scope = public)]
async fn act(State(app): State<App>) -> Response {
    app.work.run().await
}

/// What `answer` gives to a first request of `method`, and to its retry.
async fn twice<R: IntoResponse>(
    method: Method,
    answer: impl Fn(u64) -> R + Send + Sync + 'static,
) -> (Reply, Reply) {
    let world = World::new(Router::new().route("/act", any(act)));
    world.work.answers(answer);
    let ask = || world.ask(method.clone(), "/act").key("k").send();
    let (first, retry) = (ask().await, ask().await);
    assert!(retry.is_replay());
    assert_eq!(first.status, retry.status);
    assert_eq!(first.body, retry.body);
    assert_eq!(world.work.started(), 1);
    (first, retry)
}

#[tokio::test]
async fn an_empty_body() {
    let (_, retry) = twice(Method::POST, |_| ()).await;
    assert_eq!(retry.answer(), (200, ""));
}

#[tokio::test]
async fn no_content() {
    let answer = |_| (StatusCode::NO_CONTENT, [("etag", "\"1\"")]);
    let (first, retry) = twice(Method::DELETE, answer).await;
    assert_eq!(retry.answer(), (204, ""));
    assert_eq!(retry.header("etag"), Some("\"1\""));
    let length = |reply: &Reply| reply.header("content-length").map(str::to_owned);
    assert_eq!(length(&first), length(&retry));
}

#[tokio::test]
async fn not_modified_keeps_the_length_of_what_it_stands_for() {
    let answer = |_| (StatusCode::NOT_MODIFIED, [("content-length", "1234")]);
    let (_, retry) = twice(Method::GET, answer).await;
    assert_eq!(retry.answer(), (304, ""));
    assert_eq!(retry.header("content-length"), Some("1234"));
}

#[tokio::test]
async fn a_redirect() {
    let (_, retry) = twice(Method::POST, |n| Redirect::to(&format!("/act/{n}"))).await;
    assert_eq!(retry.answer(), (303, ""));
    assert_eq!(retry.header("location"), Some("/act/1"));
}

#[tokio::test]
async fn bytes_that_are_no_text() {
    let all: Vec<u8> = (0..=255).cycle().take(70_000).collect();
    let answer = all.clone();
    let (_, retry) = twice(Method::PUT, move |_| answer.clone()).await;
    assert_eq!(retry.body.unwrap(), all);
}

#[tokio::test]
async fn an_unusual_status() {
    let answer = |_| (StatusCode::from_u16(299).unwrap(), "odd");
    let (_, retry) = twice(Method::PATCH, answer).await;
    assert_eq!(retry.answer(), (299, "odd"));
}

#[tokio::test]
async fn a_head_request() {
    let world = World::new(Router::new().route("/act", get(act)));
    let ask = |method| world.ask(method, "/act").key("k").send();
    let (first, retry) = (ask(Method::HEAD).await, ask(Method::HEAD).await);
    assert_eq!(first.answer(), (200, ""));
    assert_eq!(retry.answer(), (200, ""));
    assert!(retry.is_replay());
    assert_eq!(first.header("content-length"), Some("8"));
    assert_eq!(retry.header("content-length"), Some("8"));
    // GET asks for something else.
    assert_eq!(ask(Method::GET).await, (422, "key-reused"));
}

#[tokio::test]
async fn a_handlers_own_head_answer_keeps_its_length() {
    let answer = |_| ([("content-length", "99")], Body::empty());
    let (first, retry) = twice(Method::HEAD, answer).await;
    assert_eq!(first.header("content-length"), Some("99"));
    assert_eq!(retry.header("content-length"), Some("99"));
}
