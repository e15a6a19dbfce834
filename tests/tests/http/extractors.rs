//! Our own extractors in a handler, and a handler without a router.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use idempotent_runtime::http::IdempotencyKey;
use idempotent_runtime::outcome::Previous;
use idempotent_runtime::{Attempt, idempotent};
use tests::{Account, App, Reply, World};

fn describe(key: &IdempotencyKey, attempt: &Attempt) -> String {
    let key = key.get().map_or("no key", |key| key.as_str());
    assert_eq!(attempt.previous(), Previous::None);
    assert!(!attempt.is_lost());
    format!("{key}, protected: {}", attempt.is_protected())
}

#[idempotent(scope = public)]
async fn before(State(app): State<App>, key: IdempotencyKey, attempt: Attempt, _: Bytes) -> String {
    app.work.effect().await;
    describe(&key, &attempt)
}

#[idempotent(scope = public)]
async fn attempt_last(key: IdempotencyKey, attempt: Attempt) -> String {
    describe(&key, &attempt)
}

#[idempotent(scope = public)]
async fn key_last(attempt: Attempt, key: IdempotencyKey) -> String {
    describe(&key, &attempt)
}

#[idempotent(scope = public)]
async fn together(both: (IdempotencyKey, Attempt)) -> String {
    describe(&both.0, &both.1)
}

#[idempotent(scope = public, required = false)]
async fn optional(key: IdempotencyKey, attempt: Attempt) -> String {
    describe(&key, &attempt)
}

#[idempotent(scope = public, key = event)]
async fn of_the_body(key: IdempotencyKey, attempt: Attempt, event: String) -> String {
    describe(&key, &attempt)
}

async fn plain(key: IdempotencyKey, attempt: Attempt) -> String {
    describe(&key, &attempt)
}

fn world() -> World {
    World::new(
        Router::new()
            .route("/before", post(before))
            .route("/attempt-last", post(attempt_last))
            .route("/key-last", post(key_last))
            .route("/together", post(together))
            .route("/optional", post(optional))
            .route("/of-the-body", post(of_the_body))
            .route("/plain", post(plain)),
    )
}

#[tokio::test]
async fn a_handler_sees_its_key_and_its_attempt_wherever_it_takes_them() {
    let world = world();
    for path in [
        "/before",
        "/attempt-last",
        "/key-last",
        "/together",
        "/optional",
    ] {
        let reply = world.post(path).key("\"a key\"").send().await;
        assert_eq!(reply.answer(), (200, "a key, protected: true"), "{path}");
    }
}

#[tokio::test]
async fn a_key_from_the_arguments_is_seen_too() {
    let reply = world().post("/of-the-body").body("evt_1").send().await;
    assert_eq!(reply.text(), "evt_1, protected: true");
}

#[tokio::test]
async fn without_a_key_or_an_annotation_there_is_none() {
    let world = world();
    let optional = world.post("/optional").send().await;
    assert_eq!(optional.text(), "no key, protected: false");
    let plain = world.post("/plain").key("k").send().await;
    assert_eq!(plain.text(), "no key, protected: false");
}

#[tokio::test]
async fn the_attempts_record_is_the_one_an_operator_finds() {
    #[idempotent(scope = account.0, name = "shop.order")]
    async fn order(account: Account, attempt: Attempt) -> String {
        assert_ne!(attempt.fence().get(), 0);
        attempt.record_id().expect("a record").to_string()
    }
    let world = World::new(Router::new().route("/order", post(order)));
    let reply = world.post("/order").key("k").account("a/b").send().await;
    let scope = idempotent_runtime::Scope::of("a/b").unwrap();
    let key = idempotent_runtime::Key::new("k").unwrap();
    let id = world.idempotency.record_id("shop.order", &scope, &key);
    assert_eq!(reply.text(), id.to_string());
    let view = world.idempotency.inspect(&id).await.unwrap().unwrap();
    assert_eq!((view.operation.as_str(), view.attempts), ("shop.order", 1));
}

#[tokio::test]
async fn a_unit_test_calls_the_handler_without_a_guard() {
    #[idempotent(scope = account.0)]
    async fn pay(State(app): State<App>, account: Account, body: String) -> String {
        format!("{} {body} {}", account.0, app.work.effect().await)
    }
    let world = World::of_functions();
    for n in 1..=2 {
        let account = Account("alice".into());
        let answer = pay(State(world.app()), account, "5 EUR".to_owned().into()).await;
        let reply = Reply::of(answer).await;
        assert_eq!(reply.text(), format!("alice 5 EUR {n}"));
    }
    assert!(world.store.memory().is_empty());
}
