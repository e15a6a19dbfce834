//! `on_interrupt = recover(path)`: after an attempt that died unfinished the
//! operation's own function says what happened, before any body runs.

use std::sync::Mutex;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use idempotent_runtime::{Attempt, Recovered, idempotent};
use tests::{App, World, seconds};
use tokio::time::sleep;

use crate::interruption::{die, panic_once};

/// What the provider says, by a header's name and value; asked with each.
#[derive(Debug, Default)]
struct Provider {
    says: Mutex<Option<&'static str>>,
    asked: Mutex<Vec<String>>,
}

tokio::task_local! {
    static PROVIDER: std::sync::Arc<Provider>;
}

#[idempotent(scope = public, on_interrupt = recover(look_up), persist = all)]
async fn pay(State(app): State<App>, _attempt: Attempt, _: Bytes) -> Response {
    app.work.run().await
}

#[allow(clippy::unused_async)] // a real one asks somebody
async fn look_up(
    attempt: &Attempt,
    State(app): &State<App>,
    _: &Attempt,
    body: &Bytes,
) -> Recovered<(StatusCode, String)> {
    let provider = PROVIDER.with(std::sync::Arc::clone);
    let key = attempt.child_key("charge").expect("a record");
    let asked = format!(
        "{} {} of {} runs, {} bytes",
        key.as_str(),
        attempt.previous().is_unfinished(),
        app.work.started(),
        body.len()
    );
    provider.asked.lock().unwrap().push(asked);
    let says = *provider.says.lock().unwrap();
    match says {
        Some("nothing") => Recovered::DidNotHappen,
        Some("unclear") => Recovered::Unknown,
        Some("declined") => Recovered::Answer((StatusCode::PAYMENT_REQUIRED, "declined".into())),
        Some("down") => panic!("the provider is down"),
        _ => Recovered::Answer((StatusCode::CREATED, "found".into())),
    }
}

fn world() -> World {
    let routes = Router::new().route("/pay", post(pay));
    World::tuned(routes, |builder| builder.ttl(seconds(600)))
}

async fn with(says: &'static str, test: impl AsyncFnOnce(&World, &Provider)) {
    let provider = std::sync::Arc::new(Provider::default());
    *provider.says.lock().unwrap() = Some(says);
    let world = world();
    let test = async { test(&world, &provider).await };
    PROVIDER.scope(std::sync::Arc::clone(&provider), test).await;
}

#[tokio::test]
async fn nobody_is_asked_after_an_attempt_that_came_to_its_end() {
    with("unclear", async |world, provider| {
        world.work.answers(|_| StatusCode::CREATED);
        for _ in 0..2 {
            assert_eq!(world.post("/pay").key("k").send().await.status, 201);
        }
        assert_eq!(world.work.started(), 1);
        assert_eq!(provider.asked.lock().unwrap().len(), 0);
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_was_found_is_stored_and_the_body_does_not_run() {
    with("found", async |world, provider| {
        panic_once(world).await;
        let retry = world.post("/pay").key("k").send().await;
        assert_eq!(retry.answer(), (201, "found"));
        assert_eq!(retry.header("idempotent-replayed"), None);
        let replay = world.post("/pay").key("k").send().await;
        assert_eq!(replay.answer(), (201, "found"));
        assert_eq!(replay.header("idempotent-replayed"), Some("true"));
        assert_eq!(world.work.started(), 1);
        assert_eq!(provider.asked.lock().unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_refusal_that_was_found_is_an_answer_too() {
    with("declined", async |world, _| {
        panic_once(world).await;
        for _ in 0..2 {
            let retry = world.post("/pay").key("k").send().await;
            assert_eq!(retry.answer(), (402, "declined"));
        }
        assert_eq!(world.work.started(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_did_not_happen_is_done_by_the_body() {
    with("nothing", async |world, _| {
        panic_once(world).await;
        let retry = world.post("/pay").key("k").send().await;
        assert_eq!(retry.answer(), (200, "effect 2"));
        assert_eq!(
            world.post("/pay").key("k").send().await.text(),
            retry.text()
        );
    })
    .await;
}

#[tokio::test]
async fn an_unknown_outcome_is_a_409_and_is_asked_for_again() {
    with("unclear", async |world, provider| {
        panic_once(world).await;
        for asked in 1..=2 {
            let retry = world.post("/pay").key("k").send().await;
            assert_eq!(retry, (409, "outcome-unknown"));
            assert_eq!(provider.asked.lock().unwrap().len(), asked);
        }
        let other = world.post("/pay").key("k").body("other").send().await;
        assert_eq!(other, (422, "key-reused"));
        *provider.says.lock().unwrap() = Some("found");
        let retry = world.post("/pay").key("k").send().await;
        assert_eq!(retry.answer(), (201, "found"));
        assert_eq!(world.work.started(), 1);
        assert_eq!(world.idempotency.in_flight(), 0);
    })
    .await;
}

#[tokio::test]
async fn who_dies_while_asking_leaves_the_outcome_to_be_asked_for() {
    with("down", async |world, provider| {
        panic_once(world).await;
        let retry = world.post("/pay").key("k").send().await;
        assert_eq!(retry, (500, "panicked"));
        *provider.says.lock().unwrap() = Some("found");
        let retry = world.post("/pay").key("k").send().await;
        assert_eq!(retry.answer(), (201, "found"));
        assert_eq!(world.work.started(), 1);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn after_a_dead_process_it_sees_the_arguments_and_the_first_ones_child_key() {
    with("nothing", async |world, provider| {
        die(world, seconds(1)).await;
        sleep(seconds(31)).await;
        world.post("/pay").key("k").send().await;
        let asked = provider.asked.lock().unwrap().clone();
        let (key, seen) = asked[0].split_once(' ').expect("two parts");
        assert_eq!((asked.len(), seen), (1, "true of 1 runs, 0 bytes"));
        let id = world.store.last_record().await.expect("a record").id;
        assert_eq!(key.len(), 36, "{id}");
    })
    .await;
}

#[tokio::test]
async fn without_a_key_nobody_is_asked() {
    #[idempotent(scope = public, required = false, on_interrupt = recover(never))]
    async fn open(State(app): State<App>) -> Response {
        app.work.run().await
    }
    #[allow(clippy::unused_async)]
    async fn never(_: &Attempt, _: &State<App>) -> Recovered<Response> {
        Recovered::Answer(StatusCode::IM_A_TEAPOT.into_response())
    }
    let world = World::new(Router::new().route("/pay", post(open)));
    let reply = world.post("/pay").send().await;
    assert_eq!(reply.answer(), (200, "effect 1"));
}
