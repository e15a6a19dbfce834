//! Two operations of one name would share keys, and answer each other's calls.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use idempotent_runtime::{Idempotency, idempotent};
use tests::{App, Refusal, World};

#[idempotent(scope = public, name = "shop.twice")]
async fn one(State(app): State<App>, _: Bytes) -> Response {
    app.work.run().await
}

#[idempotent(scope = public, name = "shop.twice")]
async fn another(State(app): State<App>, _: Bytes) -> Response {
    app.work.run().await
}

#[idempotent(store = store, key = key, name = "shop.mixed")]
async fn function(store: &Idempotency, key: &str) -> Result<String, Refusal> {
    Ok(key.to_owned())
}

#[idempotent(scope = public, name = "shop.mixed")]
async fn handler(State(app): State<App>, _: Bytes) -> Response {
    app.work.run().await
}

#[tokio::test]
async fn neither_of_two_handlers_of_one_name_runs() {
    let routes = Router::new().route("/one", post(one));
    let world = World::new(routes.route("/another", post(another)));
    for path in ["/one", "/another"] {
        let reply = world.post(path).key("k").send().await;
        assert_eq!(reply, (500, "name-taken"));
        let detail = reply.problem()["detail"].to_string();
        assert!(detail.contains("shop.twice") && detail.matches("operations.rs").count() == 2);
    }
    assert_eq!(world.work.started(), 0);
    assert!(world.store.memory().is_empty());
}

#[tokio::test]
async fn neither_a_function_nor_a_handler_of_one_name_runs() {
    let world = World::new(Router::new().route("/handler", post(handler)));
    let reply = world.post("/handler").key("k").send().await;
    assert_eq!(reply, (500, "name-taken"));
    let result = function(&world.idempotency, "k").await;
    assert_eq!(result, Err(Refusal::runtime("name-taken")));
    assert_eq!(world.work.started(), 0);
}
