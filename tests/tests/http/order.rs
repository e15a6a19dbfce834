//! What comes before the claim: authentication, key, body, rejections, scope.
//! Whatever refuses a request there is never stored.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::Response;
use axum::routing::post;
use axum::{Form, Json, Router};
use idempotent_runtime::idempotent;
use serde::Deserialize;
use tests::{Account, App, World};

use crate::routes;

#[derive(Deserialize)]
struct New {
    amount: u32,
}

#[idempotent(scope = account.0)]
async fn typed(State(app): State<App>, account: Account, Json(new): Json<New>) -> String {
    format!("{} of {}", app.work.effect().await, new.amount)
}

fn typed_world() -> World {
    let routes = Router::new().route("/pay", post(typed));
    World::new(routes.layer(DefaultBodyLimit::max(64)))
}

#[tokio::test]
async fn authentication_comes_before_the_key() {
    let world = World::new(routes());
    assert_eq!(world.post("/pay").send().await.status, 401);
    assert_eq!(world.post("/pay").key("a b").send().await.status, 401);
    assert_eq!(world.post("/pay").key("k").send().await.status, 401);
    assert!(world.store.memory().is_empty());
}

#[tokio::test]
async fn a_replay_is_authorised_like_the_original() {
    let world = World::new(routes());
    world.post("/pay").key("k").account("alice").send().await;
    let anonymous = world.post("/pay").key("k").send().await;
    assert_eq!(
        (anonymous.status.as_u16(), anonymous.is_replay()),
        (401, false)
    );
}

#[tokio::test]
async fn the_key_comes_before_the_body() {
    let world = typed_world();
    let bad = || world.post("/pay").account("alice").json("{ no json");
    assert_eq!(bad().send().await, (400, "key-missing"));
    let large = world.post("/pay").account("alice").body("x".repeat(65));
    assert_eq!(large.send().await, (400, "key-missing"));
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_with_nothing_claimed() {
    let world = typed_world();
    let ask = || world.post("/pay").account("alice").key("k");
    let large = ask().header("content-type", "application/json");
    let large = large.body(format!("{{\"amount\": 5}}{}", " ".repeat(64)));
    assert_eq!(large.send().await.status, 413);
    assert_eq!(world.work.started(), 0);
    assert!(world.store.memory().is_empty());
    // The key is as good as new.
    assert_eq!(ask().json(r#"{"amount": 5}"#).send().await.text(), "1 of 5");
}

#[tokio::test]
async fn axums_own_limit_holds_where_none_is_set() {
    let world = World::new(routes());
    let ask = |bytes| {
        let ask = world.post("/pay").account("alice").key("k");
        ask.body(Bytes::from(vec![b'x'; bytes])).send()
    };
    assert_eq!(ask((2 << 20) + 1).await.status, 413);
    assert!(world.store.memory().is_empty());
    assert_eq!(ask(2 << 20).await.status, 200);
}

#[tokio::test]
async fn a_rejection_is_never_stored() {
    let world = typed_world();
    let ask = || world.post("/pay").account("alice").key("k");
    for _ in 0..2 {
        assert_eq!(ask().json("{ no json").send().await.status, 400);
        assert_eq!(ask().json(r#"{"amount": "5"}"#).send().await.status, 422);
        assert_eq!(ask().body(r#"{"amount": 5}"#).send().await.status, 415);
    }
    let mended = ask().json(r#"{"amount": 5}"#).send().await;
    assert_eq!(mended.answer(), (200, "1 of 5"));
    assert!(ask().json(r#"{"amount": 5}"#).send().await.is_replay());
}

#[tokio::test]
async fn a_rejection_is_never_stored_where_every_answer_is() {
    #[idempotent(scope = public, persist = all)]
    async fn keeps_all(State(app): State<App>, Json(new): Json<New>) -> String {
        format!("{} of {}", app.work.effect().await, new.amount)
    }
    let world = World::new(Router::new().route("/all", post(keeps_all)));
    let ask = |body| world.post("/all").key("k").json(body).send();
    assert_eq!(ask("{ no json").await.status, 400);
    assert_eq!(ask(r#"{"amount": 5}"#).await.answer(), (200, "1 of 5"));
}

#[tokio::test]
async fn what_may_authorise_runs_before_the_scope_and_claims_nothing() {
    #[idempotent(scope = account.0)]
    async fn of_a_form(account: Account, Form(new): Form<New>) -> String {
        format!("{} for {}", new.amount, account.0)
    }
    let world = World::new(Router::new().route("/form", post(of_a_form)));
    let ask = |account| world.post("/form").account(account).key("k");
    let form = "application/x-www-form-urlencoded";
    let bad = ask("").header("content-type", form).body("amount=x");
    assert_eq!(bad.send().await.status, 422);
    assert!(world.store.memory().is_empty());
    let good = ask("alice").header("content-type", form).body("amount=5");
    assert_eq!(good.send().await.answer(), (200, "5 for alice"));
}

#[tokio::test]
async fn the_handlers_own_refusal_is_an_answer() {
    #[idempotent(scope = public)]
    async fn refuses(State(app): State<App>, Json(new): Json<New>) -> Response {
        assert_eq!(new.amount, 0);
        app.work.run().await
    }
    let world = World::new(Router::new().route("/refuses", post(refuses)));
    world
        .work
        .answers(|n| (axum::http::StatusCode::UNPROCESSABLE_ENTITY, n.to_string()));
    let ask = || world.post("/refuses").key("k").json(r#"{"amount": 0}"#);
    ask().send().await;
    let retry = ask().send().await;
    assert_eq!(retry.answer(), (422, "1"));
    assert!(retry.is_replay());
}
