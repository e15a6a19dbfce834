//! What is sent again, and what is not.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Json;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use idempotent_runtime::client::{IdempotentRetry, WithKey};
use reqwest::Body;
use serde_json::json;

use crate::key;
use crate::wire::Wire;

const AGAIN: [u16; 6] = [408, 425, 429, 502, 503, 504];

fn status(number: u16) -> StatusCode {
    StatusCode::from_u16(number).expect("a status")
}

/// Fails once, and then answers.
fn once(failure: u16) -> Wire {
    Wire::answering(move |n| status(if n == 1 { failure } else { 201 }))
}

fn problem(number: u16, retryable: bool) -> Response {
    let document = json!({ "code": "a-code", "retryable": retryable });
    let mut answer = (status(number), Json(document)).into_response();
    let kind = "application/problem+json".parse().expect("a value");
    answer.headers_mut().insert(CONTENT_TYPE, kind);
    answer
}

async fn post(wire: &Wire) -> reqwest::Response {
    let client = wire.client(IdempotentRetry::new());
    let request = client.post("http://bank/charges").idempotency_key(key());
    request.body("{}").send().await.expect("an answer")
}

#[tokio::test(start_paused = true)]
async fn a_passing_failure_is_sent_again() {
    for failure in AGAIN {
        let wire = once(failure);
        assert_eq!(post(&wire).await.status(), 201, "{failure}");
        assert_eq!(wire.count(), 2, "{failure}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_the_callers() {
    for answer in [200, 204, 301, 400, 401, 404, 409, 410, 422, 500, 501] {
        let wire = once(answer);
        assert_eq!(post(&wire).await.status(), answer);
        assert_eq!(wire.count(), 1, "{answer}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_conflict_is_sent_again_where_its_problem_says_so() {
    let wire = Wire::answering(|n| match n {
        1 | 2 => problem(409, true),
        _ => StatusCode::CREATED.into_response(),
    });
    assert_eq!(post(&wire).await.status(), 201);
    assert_eq!(wire.count(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_conflict_that_is_final_comes_whole() {
    let wire = Wire::answering(|_| problem(409, false));
    let answer = post(&wire).await;
    assert_eq!((answer.status().as_u16(), wire.count()), (409, 1));
    assert_eq!(answer.headers()[CONTENT_TYPE], "application/problem+json");
    let text = answer.text().await.expect("a text");
    assert_eq!(text, r#"{"code":"a-code","retryable":false}"#);
}

#[tokio::test(start_paused = true)]
async fn a_conflict_of_unknown_length_is_not_looked_into() {
    let wire = Wire::answering(|_| {
        let mut answer = problem(409, true);
        let headers = answer.headers_mut();
        headers.insert("content-length", "70000".parse().expect("a value"));
        answer
    });
    assert_eq!(post(&wire).await.status(), 409);
    assert_eq!(wire.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn without_a_key_only_what_changes_nothing_is_sent_again() {
    for failure in AGAIN {
        let wire = once(failure);
        let client = wire.client(IdempotentRetry::new());
        let posted = client.post("http://bank/charges").send().await;
        assert_eq!(posted.expect("an answer").status(), failure);
        assert_eq!(wire.count(), 1);
        let wire = once(failure);
        let client = wire.client(IdempotentRetry::new());
        let got = client.get("http://bank/charges").send().await;
        assert_eq!(got.expect("an answer").status(), 201);
        assert_eq!(wire.count(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_a_stream_is_sent_once() {
    let wire = once(503);
    let client = wire.client(IdempotentRetry::new());
    let stream = Body::wrap(Chunk(Some(Bytes::from_static(b"{}"))));
    let request = client.post("http://bank/charges").idempotency_key(key());
    let answer = request.body(stream).send().await.expect("an answer");
    assert_eq!((answer.status().as_u16(), wire.count()), (503, 1));
}

/// A body of one chunk, of which nobody knows that it is the last.
struct Chunk(Option<Bytes>);

impl http_body::Body for Chunk {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.take().map(|chunk| Ok(http_body::Frame::data(chunk))))
    }
}
