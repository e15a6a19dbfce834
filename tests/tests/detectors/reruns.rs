//! Replay drift by reruns: behind a replay the body runs again, where its
//! operation declares that it may, and its answer is compared.

mod bounds;
mod outside;
mod served;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use idempotent_runtime::findings::FindingKind::ReplayDrift;
use idempotent_runtime::{IdempotencyBuilder, idempotent};
use tests::{Account, App, Ask, Logged, Meter, Reply, World, millis};

use crate::found;

/// An operation whose body may run behind each replay.
#[idempotent(scope = account.0, name = "quote", rerun_safe_sample = 1.0)]
async fn quote(State(app): State<App>, account: Account, _: Bytes) -> Response {
    app.work.run().await
}

/// The same, with an extractor that runs before the claim.
#[idempotent(scope = account.0, name = "price", rerun_safe_sample = 1.0)]
async fn price(State(app): State<App>, account: Account) -> Response {
    app.work.run().await
}

fn world() -> World {
    tuned(|builder| builder)
}

fn tuned(tune: impl FnOnce(IdempotencyBuilder) -> IdempotencyBuilder) -> World {
    let routes = crate::routes().route("/quote", post(quote));
    World::tuned(routes.merge(prices()), tune)
}

fn prices() -> Router<App> {
    Router::new().route("/price", post(price))
}

fn ask(world: &World, key: &str) -> Ask {
    world.post("/quote").account("alice").key(key)
}

/// Until every task has nothing to do: the clock is paused.
async fn settled() {
    tokio::time::sleep(millis(1)).await;
}

/// A first request, and a replay of it with what runs behind that.
async fn replayed(world: &World) -> Reply {
    ask(world, "k").send().await;
    let reply = ask(world, "k").send().await;
    assert!(reply.is_replay());
    settled().await;
    reply
}

#[tokio::test(start_paused = true)]
async fn a_body_that_answers_anew_each_time_drifts() {
    let meter = Meter::install();
    let world = world();
    let reply = replayed(&world).await;
    assert_eq!(reply.answer(), (200, "effect 1"));
    assert_eq!(world.work.finished(), 2);
    let drift = (ReplayDrift, "quote".to_owned(), 1);
    assert_eq!(found(&world.idempotency), [drift]);
    let reruns = ["\"quote\"", "\"rerun\""];
    assert_eq!(meter.get("idempotency_replay_drift_total", &reruns), 1.0);
    assert_eq!(
        meter.get("idempotency_executions_total", &["\"quote\""]),
        1.0,
        "a rerun is no execution of a call"
    );
}

#[tokio::test(start_paused = true)]
async fn a_body_whose_extractor_ran_before_the_claim_drifts_too() {
    let world = world();
    for _ in 0..2 {
        let ask = world.post("/price").account("alice").key("k");
        ask.send().await;
        settled().await;
    }
    let drift = (ReplayDrift, "price".to_owned(), 1);
    assert_eq!(found(&world.idempotency), [drift]);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_answers_the_same_does_not_drift() {
    let world = world();
    world.work.answers(|n| match n {
        1 => r#"{"id":1,"by":"alice"}"#,
        _ => r#"{"by":"alice","id":1}"#,
    });
    let reply = replayed(&world).await;
    assert_eq!(world.work.finished(), 2);
    assert_eq!(found(&world.idempotency), []);
    assert_eq!(
        reply.header("content-length"),
        Some("21"),
        "its length is told"
    );
}

#[tokio::test(start_paused = true)]
async fn without_the_declaration_no_body_runs_again() {
    let world = world();
    for _ in 0..5 {
        crate::ask(&world, "k").send().await;
        settled().await;
    }
    assert_eq!(world.work.started(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_body_runs_again_after_its_replay_was_sent_and_not_before() {
    let world = world();
    ask(&world, "k").send().await;
    let head = ask(&world, "k").head().await;
    settled().await;
    assert_eq!(world.work.started(), 1, "the replay is on its way");
    let reply = Reply::of(head).await;
    assert_eq!(reply.answer(), (200, "effect 1"));
    assert_eq!(world.work.started(), 1);
    settled().await;
    assert_eq!(world.work.started(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_body_runs_again_where_the_client_has_left_its_replay() {
    let world = world();
    ask(&world, "k").send().await;
    drop(ask(&world, "k").head().await);
    settled().await;
    assert_eq!(world.work.finished(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_rerun_that_panics_is_logged_and_counted_nowhere() {
    let (log, meter, world) = (Logged::install(), Meter::install(), world());
    world.work.answers(|n| {
        assert!(n == 1, "the second run");
        "quoted"
    });
    replayed(&world).await;
    assert_eq!(world.work.finished(), 2);
    assert_eq!(log.lines(&["WARN", "a rerun behind a replay"]).len(), 1);
    assert_eq!(found(&world.idempotency), []);
    let reruns = ["\"quote\"", "\"rerun\""];
    assert_eq!(meter.get("idempotency_replay_drift_total", &reruns), 0.0);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_would_not_be_stored_is_no_drift() {
    let world = world();
    world.work.answers(|n| match n {
        1 => "quoted".into_response(),
        _ => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    });
    replayed(&world).await;
    assert_eq!(world.work.finished(), 2);
    assert_eq!(found(&world.idempotency), []);
}

#[tokio::test(start_paused = true)]
async fn what_an_operation_ignores_of_its_answer_does_not_drift() {
    let world = tuned(|builder| {
        builder.drift_ignores(|operation, answer| {
            if operation == "quote" {
                answer["body"].take();
            }
        })
    });
    replayed(&world).await;
    assert_eq!(found(&world.idempotency), []);
    world
        .work
        .answers(|n| (StatusCode::OK, [("x-run", n.to_string())], ""));
    ask(&world, "k2").send().await;
    assert!(ask(&world, "k2").send().await.is_replay());
    tokio::time::sleep(millis(1_100)).await;
    assert!(ask(&world, "k2").send().await.is_replay());
    settled().await;
    let drift = (ReplayDrift, "quote".to_owned(), 1);
    assert_eq!(
        found(&world.idempotency),
        [drift],
        "its headers are compared still"
    );
}
