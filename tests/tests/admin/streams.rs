//! Live figures: every two seconds, to sixteen at a time, for ten minutes.

use axum::body::Body;
use axum::http::{Response, StatusCode};
use http_body::Body as _;
use serde_json::Value;
use std::pin::Pin;
use tests::seconds;
use tokio::time::Instant;
use tower::ServiceExt;

use crate::world::{READER, Service, attributes, request};

async fn listen(service: &Service) -> Response<Body> {
    let request = request("GET", READER, "/events").body(Body::empty());
    let router = service.router.clone();
    router
        .oneshot(request.expect("a request"))
        .await
        .expect("an answer")
}

async fn next(body: &mut Body) -> Option<String> {
    let frame = std::future::poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await?;
    let data = frame.expect("no error").into_data().expect("data");
    Some(String::from_utf8(data.into()).expect("text"))
}

#[tokio::test(start_paused = true)]
async fn the_figures_come_every_two_seconds_by_the_names_on_the_page() {
    let service = Service::new();
    service.done("paid").await;
    let response = listen(&service).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert_eq!(response.headers()["cache-control"], "no-store");
    let mut body = response.into_body();
    let started = Instant::now();
    let first = next(&mut body).await.expect("an event");
    let data = first
        .lines()
        .find_map(|line| line.strip_prefix("data: "))
        .expect("data");
    let figures: Value = serde_json::from_str(data).expect("JSON");
    assert!(first.ends_with("\n\n"));
    let page = service.get(READER, "").await;
    let marked = attributes(&page.text)
        .into_iter()
        .filter(|(name, _)| name == "data-live");
    let marked: Vec<_> = marked.map(|(_, value)| value).collect();
    assert!(marked.len() > 12, "{marked:?}");
    for name in marked {
        assert!(figures[&name].is_string(), "no {name} in {figures}");
    }
    next(&mut body).await.expect("an event");
    assert_eq!(started.elapsed(), seconds(2));
}

#[tokio::test(start_paused = true)]
async fn a_stream_ends_after_ten_minutes() {
    let service = Service::new();
    let mut body = listen(&service).await.into_body();
    let started = Instant::now();
    let mut events = 0;
    while next(&mut body).await.is_some() {
        events += 1;
    }
    assert_eq!((events, started.elapsed()), (300, seconds(600)));
}

#[tokio::test]
async fn the_seventeenth_waits_until_one_leaves() {
    let service = Service::new();
    let mut all = Vec::new();
    for _ in 0..16 {
        let response = listen(&service).await;
        assert_eq!(response.status(), StatusCode::OK);
        all.push(response);
    }
    let refused = listen(&service).await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        refused.headers()["content-type"],
        "application/problem+json"
    );
    all.pop();
    assert_eq!(listen(&service).await.status(), StatusCode::OK);
}
