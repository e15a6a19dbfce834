//! What must be equal between retries: method, original path and query, body.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::Response;
use axum::routing::{any, post};
use idempotent_runtime::idempotent;
use tests::{App, World};

#[idempotent(scope = public)]
async fn act(State(app): State<App>, _: Bytes) -> Response {
    app.work.run().await
}

#[idempotent(scope = public)]
async fn act_on(State(app): State<App>, Path(_): Path<u32>) -> Response {
    app.work.run().await
}

fn world() -> World {
    let routes = Router::new()
        .route("/act", any(act))
        .route("/act/{id}", post(act_on));
    World::new(Router::new().merge(routes.clone()).nest("/v2", routes))
}

#[tokio::test]
async fn another_method_is_another_request() {
    let world = world();
    world.post("/act").key("k").send().await;
    for method in [Method::PUT, Method::PATCH, Method::DELETE, Method::GET] {
        let other = world.ask(method, "/act").key("k").send().await;
        assert_eq!(other, (422, "key-reused"));
    }
}

#[tokio::test]
async fn another_path_is_another_request_not_another_template() {
    let world = world();
    world.post("/act/1").key("k").send().await;
    let other = world.post("/act/2").key("k").send().await;
    assert_eq!(other, (422, "key-reused"));
    assert!(world.post("/act/1").key("k").send().await.is_replay());
}

#[tokio::test]
async fn another_query_is_another_request() {
    let world = world();
    world.post("/act?page=1").key("k").send().await;
    for other in ["/act", "/act?page=2", "/act?page=1&x", "/act?Page=1"] {
        let other = world.post(other).key("k").send().await;
        assert_eq!(other, (422, "key-reused"));
    }
    assert!(world.post("/act?page=1").key("k").send().await.is_replay());
}

#[tokio::test]
async fn a_nested_router_sees_the_whole_path() {
    let world = world();
    world.post("/v2/act").key("k").send().await;
    // The same handler, and the same path within its router.
    let other = world.post("/act").key("k").send().await;
    assert_eq!(other, (422, "key-reused"));
    assert!(world.post("/v2/act").key("k").send().await.is_replay());
}

#[tokio::test]
async fn a_service_nested_by_hand_sees_the_whole_path() {
    let world = World::of_functions();
    let inner = Router::new()
        .route("/act", post(act))
        .with_state(world.app());
    let routes = Router::new().nest_service("/v1", inner.clone());
    let world = world.routed(routes.nest_service("/v2", inner));
    world.post("/v1/act").key("k").send().await;
    assert_eq!(
        world.post("/v2/act").key("k").send().await,
        (422, "key-reused")
    );
    assert!(world.post("/v1/act").key("k").send().await.is_replay());
}

#[tokio::test]
async fn headers_are_no_part_of_the_request() {
    let world = world();
    let ask = |trace| world.post("/act").key("k").header("traceparent", trace);
    ask("1").send().await;
    let retry = ask("2").header("accept", "text/html").send().await;
    assert!(retry.is_replay());
}

#[tokio::test]
async fn a_multipart_body_is_compared_by_its_parts() {
    let world = world();
    let ask = |boundary: &str, value: &str| {
        let kind = format!("multipart/form-data; boundary={boundary}");
        let part = "Content-Disposition: form-data; name=\"amount\"";
        let body = format!("--{boundary}\r\n{part}\r\n\r\n{value}\r\n--{boundary}--\r\n");
        let ask = world.post("/act").key("k");
        ask.header("content-type", &kind).body(body).send()
    };
    ask("one", "5").await;
    assert!(ask("another", "5").await.is_replay());
    assert_eq!(ask("one", "6").await, (422, "key-reused"));
}

#[tokio::test]
async fn a_declared_fingerprint_takes_the_place_of_the_request() {
    #[idempotent(scope = public, fingerprint = order.trim())]
    async fn declared(State(app): State<App>, order: String) -> Response {
        app.work.run().await
    }
    let world = World::new(Router::new().route("/declared", any(declared)));
    world.post("/declared").key("k").body("5 EUR").send().await;
    let put = world.ask(Method::PUT, "/declared?x=1").key("k");
    assert!(put.body(" 5 EUR ").send().await.is_replay());
    let other = world.post("/declared").key("k").body("6 EUR");
    assert_eq!(other.send().await, (422, "key-reused"));
}

#[tokio::test]
async fn without_a_fingerprint_the_key_alone_counts() {
    #[idempotent(scope = public, fingerprint = none)]
    async fn anything(State(app): State<App>, _: Bytes) -> Response {
        app.work.run().await
    }
    let world = World::new(Router::new().route("/anything", any(anything)));
    world.post("/anything").key("k").body("a").send().await;
    let other = world.ask(Method::PUT, "/anything").key("k").body("b");
    assert!(other.send().await.is_replay());
}

#[tokio::test]
async fn a_key_from_the_body_compares_nothing_else() {
    #[idempotent(scope = public, key = event.split(' ').next().unwrap_or_default())]
    async fn webhook(State(app): State<App>, event: String) -> Response {
        app.work.run().await
    }
    let world = World::new(Router::new().route("/hook", post(webhook)));
    let ask = |event: &'static str| world.post("/hook").body(event).send();
    ask("evt_1 first delivery").await;
    assert!(ask("evt_1 second delivery").await.is_replay());
    assert!(!ask("evt_2 first delivery").await.is_replay());
    assert_eq!(ask(" no id").await, (400, "key-malformed"));
    assert_eq!(world.work.started(), 2);
}
