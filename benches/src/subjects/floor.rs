//! The least that replay can cost: a map behind a lock, written by hand into
//! the handler. No lease, no expiry, no bound, no scope: not for use.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;

use super::Subject;
use crate::handler::settle;

type Answers = Arc<Mutex<HashMap<String, Option<(u64, Bytes)>>>>;

pub fn handler() -> Subject {
    Subject::new(
        "floor by hand",
        Router::new()
            .route("/pay", post(pay))
            .with_state(Answers::default()),
    )
}

async fn pay(State(answers): State<Answers>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(key) = headers
        .get("idempotency-key")
        .and_then(|key| key.to_str().ok())
    else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let fingerprint = fingerprint(&body);
    let known = answers
        .lock()
        .expect("no panic")
        .entry(key.to_owned())
        .or_insert(None)
        .clone();
    if let Some((asked, answer)) = known {
        if asked != fingerprint {
            return StatusCode::UNPROCESSABLE_ENTITY.into_response();
        }
        return respond(answer);
    }
    let Ok(new) = serde_json::from_slice(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let answer = Bytes::from(serde_json::to_vec(&settle(new)).expect("it serializes"));
    answers
        .lock()
        .expect("no panic")
        .insert(key.to_owned(), Some((fingerprint, answer.clone())));
    respond(answer)
}

fn respond(answer: Bytes) -> Response {
    (
        [(header::CONTENT_TYPE, "application/json")],
        Body::from(answer),
    )
        .into_response()
}

fn fingerprint(body: &[u8]) -> u64 {
    use std::hash::{DefaultHasher, Hasher};
    let mut hasher = DefaultHasher::new();
    hasher.write(body);
    hasher.finish()
}
