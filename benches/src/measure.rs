//! Batches of requests against the clock.

use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use tower::{Service, ServiceExt};

/// Sends requests one after another; nanoseconds for each.
pub async fn sequence(router: &Router, requests: Vec<Request<Body>>) -> f64 {
    let count = requests.len();
    let mut router = router.clone();
    let started = Instant::now();
    for request in requests {
        send(&mut router, request).await;
    }
    started.elapsed().as_nanos() as f64 / count as f64
}

/// Sends groups of requests, each group at once; nanoseconds for each request.
pub async fn together(router: &Router, groups: Vec<Vec<Request<Body>>>) -> f64 {
    let count: usize = groups.iter().map(Vec::len).sum();
    let started = Instant::now();
    for group in groups {
        let mut tasks = tokio::task::JoinSet::new();
        for request in group {
            tasks.spawn(router.clone().oneshot(request));
        }
        while let Some(answer) = tasks.join_next().await {
            let answer = answer.expect("no panic").expect("infallible");
            assert!(answer.status().is_success() || answer.status() == StatusCode::CONFLICT);
        }
    }
    started.elapsed().as_nanos() as f64 / count as f64
}

async fn send(router: &mut Router, request: Request<Body>) {
    let answer = router.call(request).await.expect("infallible");
    assert_eq!(answer.status(), StatusCode::OK);
    let body = axum::body::to_bytes(answer.into_body(), 1 << 20)
        .await
        .expect("a body");
    std::hint::black_box(body);
}

/// The middle of some figures.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
