//! `Attempt::child_key`: what a downstream service recognises a rerun by.

use std::collections::HashSet;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use idempotent_runtime::{Attempt, idempotent};
use tests::{App, World};

#[idempotent(scope = public, required = false)]
async fn pay(State(app): State<App>, attempt: Attempt) -> Response {
    let key = |name| match attempt.child_key(name) {
        Some(key) => key.as_str().to_owned(),
        None => "none".to_owned(),
    };
    let keys = [("x-charge", key("charge")), ("x-fee", key("fee"))];
    (keys, app.work.run().await).into_response()
}

fn world(secret: Option<[u8; 32]>) -> World {
    let routes = Router::new().route("/pay", post(pay));
    World::tuned(routes, |builder| match secret {
        Some(secret) => builder.secret(secret),
        None => builder,
    })
}

/// The child keys that one more attempt for `key` has.
async fn keys(world: &World, key: &str) -> [String; 2] {
    let reply = world.post("/pay").key(key).send().await;
    ["x-charge", "x-fee"].map(|name| reply.header(name).expect("a key").to_owned())
}

#[tokio::test]
async fn they_are_the_same_in_a_rerun_and_in_another_process() {
    let one = world(None);
    one.work.answers(|_| StatusCode::SERVICE_UNAVAILABLE);
    let first = keys(&one, "k").await;
    let rerun = keys(&one, "k").await;
    assert_eq!(one.work.started(), 2);
    assert_eq!(first, rerun);
    assert_eq!(first, keys(&world(None), "k").await);
}

#[tokio::test]
async fn each_name_each_key_and_each_secret_has_its_own() {
    let mut seen = HashSet::new();
    for secret in [None, Some([1; 32]), Some([2; 32])] {
        let world = world(secret);
        for key in ["k", "l"] {
            for child in keys(&world, key).await {
                assert_eq!(child.len(), 36);
                assert!(seen.insert(child));
            }
        }
    }
    assert_eq!(seen.len(), 12);
}

#[tokio::test]
async fn without_a_record_there_is_none() {
    let reply = world(None).post("/pay").send().await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("x-charge"), Some("none"));
}
