//! No answer at all: a port that nobody listens at, a connection that breaks.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::routing::post;
use idempotent_runtime::client::{IdempotentRetry, WithKey};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

use crate::key;

fn client(tries: u32) -> ClientWithMiddleware {
    let pause = Duration::from_millis(20);
    let retry = IdempotentRetry::new().pauses(pause, pause).max_tries(tries);
    ClientBuilder::new(reqwest::Client::new())
        .with(retry)
        .build()
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    (listener, address)
}

#[tokio::test]
async fn where_nobody_listens_the_error_is_the_callers_after_the_last_try() {
    let (listener, address) = listen().await;
    drop(listener);
    let request = client(3).post(format!("http://{address}/charges"));
    let error = request.idempotency_key(key()).send().await;
    assert!(error.expect_err("no server").is_connect());
}

/// Reads the first request and hangs up; then it serves.
#[tokio::test]
async fn a_connection_that_breaks_after_the_request_is_tried_again_with_a_key_only() {
    for (has_key, served) in [(true, true), (false, false)] {
        let (listener, address) = listen().await;
        let server = tokio::spawn(async move {
            let (mut first, _) = listener.accept().await.expect("a connection");
            let mut head = [0; 64];
            let read = first.read(&mut head).await.expect("a request");
            assert!(read > 0, "a request");
            drop(first);
            let router = Router::new().route("/charges", post(async || "charged"));
            axum::serve(listener, router).await
        });
        let request = client(3).post(format!("http://{address}/charges"));
        let answer = request.idempotency_key(has_key.then(key)).send().await;
        assert_eq!(answer.is_ok(), served, "{answer:?}");
        server.abort();
    }
}
