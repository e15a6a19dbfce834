//! A client that leaves changes nothing: what runs goes on, once, and what
//! does not run yet holds no key.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use idempotent_runtime::idempotent;
use tests::{App, Ask, Fault, Spans, Verb, World, millis, seconds};
use tokio::runtime::Builder;
use tokio::time::{sleep, timeout};
use tracing::{Instrument, Span, info_span};

use crate::routes;

/// A client that sends, and hangs up after 100 ms.
async fn leave(ask: Ask) {
    let gone = timeout(millis(100), ask.send()).await;
    assert!(gone.is_err(), "the answer was there before");
}

fn ask(world: &World) -> Ask {
    world.post("/pay").key("k").account("alice")
}

#[tokio::test(start_paused = true)]
async fn the_body_runs_to_its_end_once_and_a_retry_replays() {
    let world = World::new(routes());
    world.work.takes(seconds(5));
    leave(ask(&world)).await;
    assert_eq!(ask(&world).send().await, (409, "in-flight"));
    sleep(seconds(5)).await;
    let retry = ask(&world).send().await;
    assert_eq!(retry.answer(), (200, "effect 1"));
    assert!(retry.is_replay());
    assert_eq!((world.work.started(), world.work.finished()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_body_that_outlives_its_lease_keeps_its_key() {
    let world = World::tuned(routes(), |builder| builder.lease(seconds(1)));
    world.work.takes(seconds(10));
    leave(ask(&world)).await;
    for _ in 0..9 {
        sleep(seconds(1)).await;
        assert_eq!(ask(&world).send().await, (409, "in-flight"));
    }
    sleep(seconds(1)).await;
    assert!(ask(&world).send().await.is_replay());
    assert_eq!(world.work.started(), 1);
}

#[tokio::test(start_paused = true)]
async fn leaving_before_the_claim_is_made_runs_nothing_and_holds_no_key() {
    let world = World::new(routes());
    world.store.next(Verb::Claim, Fault::Slow(seconds(1)));
    leave(ask(&world)).await;
    sleep(seconds(1)).await;
    assert_eq!(world.work.started(), 0);
    assert_eq!(ask(&world).send().await.answer(), (200, "effect 1"));
}

#[tokio::test(start_paused = true)]
async fn leaving_after_the_claim_is_made_holds_no_key() {
    let world = World::new(routes());
    world.store.next(Verb::Claim, Fault::SlowAck(seconds(1)));
    leave(ask(&world)).await;
    sleep(millis(10)).await;
    assert_eq!(ask(&world).send().await.answer(), (200, "effect 1"));
}

#[tokio::test(start_paused = true)]
async fn leaving_during_a_claim_frees_the_key_for_any_request() {
    let world = World::new(routes());
    world.store.next(Verb::Claim, Fault::SlowAck(seconds(1)));
    leave(ask(&world)).await;
    sleep(millis(10)).await;
    let other = ask(&world).body("another request").send().await;
    assert_eq!(other.answer(), (200, "effect 1"));
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_away_when_a_client_leaves_is_told_later() {
    let world = World::new(routes());
    world.store.next(Verb::Claim, Fault::SlowAck(seconds(1)));
    leave_while_the_store_goes(&world).await;
    sleep(seconds(10)).await;
    world.store.heal();
    // Sooner than the lease of 30 s.
    sleep(seconds(10)).await;
    assert_eq!(ask(&world).send().await.answer(), (200, "effect 1"));
}

async fn leave_while_the_store_goes(world: &World) {
    let leaving = tokio::spawn(leave(ask(world)));
    sleep(millis(50)).await;
    world.store.break_down(Fault::Fail);
    leaving.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn leaving_during_the_completion_forgets_no_answer() {
    let world = World::new(routes());
    world.store.next(Verb::Complete, Fault::Slow(seconds(1)));
    leave(ask(&world)).await;
    sleep(seconds(1)).await;
    assert!(ask(&world).send().await.is_replay());
    assert_eq!(world.work.started(), 1);
}

#[tokio::test(start_paused = true)]
async fn leaving_during_the_release_frees_the_key() {
    let world = World::new(routes());
    world.work.answers(|_| axum::http::StatusCode::BAD_GATEWAY);
    world.store.next(Verb::Release, Fault::Slow(seconds(1)));
    leave(ask(&world)).await;
    sleep(seconds(1)).await;
    assert_eq!(ask(&world).send().await.status, 502);
    assert_eq!(world.work.started(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_whose_client_left_counts_in_flight() {
    let world = World::tuned(routes(), |builder| builder.max_in_flight(1));
    world.work.takes(seconds(5));
    leave(ask(&world)).await;
    assert_eq!(world.idempotency.in_flight(), 1);
    let other = world.post("/pay").key("other").account("alice");
    assert_eq!(other.send().await, (503, "overloaded"));
    sleep(seconds(5)).await;
    assert_eq!(world.idempotency.in_flight(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_waits_for_an_attempt_whose_client_left() {
    let world = World::new(routes());
    world.work.takes(seconds(5));
    leave(ask(&world)).await;
    assert_eq!(world.idempotency.shutdown(seconds(1)).await, 1);
    assert_eq!(world.idempotency.shutdown(seconds(10)).await, 0);
    assert_eq!(world.work.finished(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_duplicate_that_stops_waiting_changes_nothing() {
    #[idempotent(scope = public, on_conflict = wait("1m"))]
    async fn refund(State(app): State<App>, _: Bytes) -> Response {
        app.work.run().await
    }
    let world = World::new(Router::new().route("/refund", post(refund)));
    world.work.takes(seconds(5));
    let ask = || world.post("/refund").key("k");
    let first = tokio::spawn(ask().send());
    sleep(seconds(1)).await;
    leave(ask()).await;
    let duplicate = ask().send().await;
    assert_eq!(duplicate.answer(), first.await.unwrap().answer());
    assert_eq!(world.work.started(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_whose_client_left_keeps_its_span() {
    let _spans = tracing::subscriber::set_default(Spans::default());
    let world = World::new(routes());
    world.work.takes(seconds(5));
    let name = || {
        Span::current()
            .metadata()
            .map_or("none", |span| span.name())
    };
    world.work.answers(move |_| name());
    let request = ask(&world)
        .send()
        .instrument(info_span!("request_of_alice"));
    assert!(timeout(millis(100), request).await.is_err());
    sleep(seconds(5)).await;
    assert_eq!(ask(&world).send().await.text(), "request_of_alice");
}

#[test]
fn outside_of_a_runtime_an_attempt_is_lost_and_its_lease_runs_out() {
    let mut paused = Builder::new_current_thread();
    let runtime = paused.enable_time().start_paused(true).build().unwrap();
    let world = World::new(routes());
    let mut sent = Box::pin(ask(&world).send());
    runtime.block_on(async {
        world.work.takes(seconds(5));
        assert!(timeout(millis(100), &mut sent).await.is_err());
    });
    drop(sent);
    runtime.block_on(async {
        world.work.takes(seconds(0));
        assert_eq!(ask(&world).send().await, (409, "in-flight"));
        sleep(seconds(30)).await;
        assert_eq!(ask(&world).send().await.answer(), (200, "effect 2"));
    });
    assert_eq!(world.idempotency.in_flight(), 0);
}
