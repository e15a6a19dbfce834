//! Answers that cannot be stored reach their caller whole, and leave a
//! tombstone: what ran does not run again.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use http_body::{Frame, SizeHint};
use tests::{Reply, World};

use crate::routes;

/// A body of these frames, and what it says of its length.
struct Framed {
    frames: Vec<Result<Frame<Bytes>, &'static str>>,
    hint: SizeHint,
}

impl Framed {
    fn streaming(texts: &[&'static str]) -> Self {
        let frame = |text: &&'static str| Ok(Frame::data(Bytes::from_static(text.as_bytes())));
        Self {
            frames: texts.iter().rev().map(frame).collect(),
            hint: SizeHint::default(),
        }
    }

    fn exactly(mut self, bytes: u64) -> Self {
        self.hint = SizeHint::with_exact(bytes);
        self
    }
}

impl http_body::Body for Framed {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
        Poll::Ready(self.frames.pop())
    }

    fn size_hint(&self) -> SizeHint {
        self.hint
    }
}

impl IntoResponse for Framed {
    fn into_response(self) -> Response {
        Response::new(Body::new(self))
    }
}

/// The answer of a first request, whose retry finds a tombstone.
async fn entombed<R: IntoResponse>(answer: impl Fn() -> R + Send + Sync + 'static) -> Reply {
    let world = World::tuned(routes(), |builder| builder.max_answer_bytes(16));
    world.work.answers(move |_| answer());
    let ask = || world.post("/pay").key("k").account("alice");
    let first = ask().send().await;
    for _ in 0..2 {
        let retry = ask().send().await;
        assert_eq!(retry, (409, "not-replayable"));
        assert_eq!(retry.problem()["retryable"], false);
        assert_eq!(retry.header("retry-after"), None);
    }
    // A mismatch outranks the tombstone, and tells nothing of it.
    let other = ask().body("other").send().await;
    assert_eq!(other, (422, "key-reused"));
    assert_eq!(world.work.started(), 1);
    first
}

#[tokio::test]
async fn an_answer_over_the_cap() {
    let first = entombed(|| &"a body of 17 bytes"[..17]).await;
    assert_eq!(first.text(), "a body of 17 byte");
}

#[tokio::test]
async fn an_answer_of_just_the_cap_is_no_such_answer() {
    let world = World::tuned(routes(), |builder| builder.max_answer_bytes(16));
    world.work.answers(|_| "x".repeat(16));
    let ask = || world.post("/pay").key("k").account("alice").send();
    ask().await;
    assert!(ask().await.is_replay());
}

#[tokio::test]
async fn a_streamed_answer() {
    let first = entombed(|| Framed::streaming(&["a", "b", "c"])).await;
    assert_eq!(first.answer(), (200, "abc"));
}

#[tokio::test]
async fn a_streamed_answers_tombstone_is_there_before_its_head() {
    let world = World::new(routes());
    world.work.answers(|_| Framed::streaming(&["a", "b"]));
    let ask = || world.post("/pay").key("k").account("alice");
    let first = ask().head().await;
    assert_eq!(ask().send().await, (409, "not-replayable"));
    assert_eq!(Reply::of(first).await.text(), "ab");
}

#[tokio::test]
async fn a_body_that_fails_after_its_head() {
    let first = entombed(|| {
        let mut body = Framed::streaming(&["begun"]).exactly(10);
        body.frames.insert(0, Err("the disk is gone"));
        body
    })
    .await;
    assert_eq!(first.status, 200);
    assert_eq!(first.body, None, "the caller sees that it failed");
}

#[tokio::test]
async fn a_body_that_panics_after_its_head() {
    struct Panics;
    impl http_body::Body for Panics {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            panic!("a bug in a body");
        }

        fn size_hint(&self) -> SizeHint {
            SizeHint::with_exact(4)
        }
    }
    let first = entombed(|| Response::new(Body::new(Panics))).await;
    assert_eq!((first.status.as_u16(), first.body), (200, None));
}

#[tokio::test]
async fn a_body_with_trailers() {
    let first = entombed(|| {
        let mut body = Framed::streaming(&["abc"]).exactly(3);
        let trailers = [("x-checksum".parse().unwrap(), "1".parse().unwrap())];
        body.frames
            .insert(0, Ok(Frame::trailers(trailers.into_iter().collect())));
        body
    })
    .await;
    assert_eq!(first.text(), "abc");
}

#[tokio::test]
async fn an_answer_that_is_not_final_leaves_none() {
    let world = World::new(routes());
    world.work.answers(|n| {
        let mut response = Framed::streaming(&["a"]).into_response();
        *response.status_mut() =
            axum::http::StatusCode::from_u16(if n == 1 { 503 } else { 200 }).unwrap();
        response
    });
    let ask = || world.post("/pay").key("k").account("alice").send();
    assert_eq!(ask().await.answer(), (503, "a"));
    assert_eq!(ask().await.answer(), (200, "a"));
}
