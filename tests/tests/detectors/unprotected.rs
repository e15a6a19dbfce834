//! Routes that nothing guards, as the observing layer sees them.

mod guarded;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use idempotent_runtime::findings::FindingKind::{self, UnprotectedKey, UnprotectedRepeat};
use idempotent_runtime::http::ObserveLayer;
use idempotent_runtime::{Idempotency, IdempotencyBuilder};
use tests::{Ask, Meter, Work, World, seconds};
use tokio::time::{sleep, timeout};

use crate::found;

const REPEATS: &str = "idempotency_unprotected_repeats_total";
const REQUESTS: &str = "idempotency_unprotected_requests_total";

async fn order(State(work): State<Work>, _: Bytes) -> Response {
    work.run().await
}

fn tuned(builder: IdempotencyBuilder) -> IdempotencyBuilder {
    builder.detector_slots(Idempotency::DETECTOR_SLOTS)
}

/// A world whose orders are observed, and not guarded.
fn observed_by(tune: impl FnOnce(ObserveLayer) -> ObserveLayer) -> World {
    let world = World::of_functions_tuned(tuned);
    let layer = tune(ObserveLayer::new(&world.idempotency));
    let routes = Router::new()
        .route("/orders", post(order).get(order))
        .route("/search", post(order))
        .route("/health", get(async || "well"))
        .layer(layer);
    world.routed(routes)
}

fn observed() -> World {
    observed_by(|layer| layer)
}

fn ask(world: &World, body: &'static str) -> Ask {
    world.post("/orders").account("alice").body(body)
}

fn repeat(times: u64) -> [(FindingKind, String, u64); 1] {
    [(UnprotectedRepeat, "POST /orders".to_owned(), times)]
}

#[tokio::test(start_paused = true)]
async fn two_equal_requests_that_make_two_orders_are_found() {
    let (meter, world) = (Meter::install(), observed());
    assert_eq!(ask(&world, "tea").send().await.text(), "effect 1");
    assert_eq!(ask(&world, "tea").send().await.text(), "effect 2");
    assert_eq!(found(&world.idempotency), repeat(1));
    assert_eq!(
        meter.get(REPEATS, &["\"different\"", "\"POST /orders\""]),
        1.0
    );
    assert_eq!(meter.get(REQUESTS, &["\"false\""]), 2.0);
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_a_failure_or_by_a_client_that_had_left_is_found() {
    for leaves in [false, true] {
        let (meter, world) = (Meter::install(), observed());
        if leaves {
            world.work.takes(seconds(5));
            assert!(
                timeout(seconds(1), ask(&world, "tea").send())
                    .await
                    .is_err()
            );
        } else {
            world.work.answers(|_| StatusCode::BAD_GATEWAY);
            ask(&world, "tea").send().await;
        }
        assert_eq!(found(&world.idempotency), []);
        world.work.takes(seconds(0));
        world.work.answers(|_| "ordered");
        ask(&world, "tea").send().await;
        assert_eq!(found(&world.idempotency), repeat(1), "{leaves}");
        assert_eq!(meter.get(REPEATS, &["\"failed\""]), 1.0);
    }
}

#[tokio::test(start_paused = true)]
async fn the_same_answer_is_counted_and_no_finding() {
    let (meter, world) = (Meter::install(), observed());
    world.work.answers(|_| "ordered");
    ask(&world, "tea").send().await;
    ask(&world, "tea").send().await;
    assert_eq!(found(&world.idempotency), []);
    assert_eq!(meter.get(REPEATS, &["\"same\""]), 1.0);
}

#[tokio::test(start_paused = true)]
async fn other_bodies_callers_paths_refusals_and_later_ones_are_none() {
    let (meter, world) = (Meter::install(), observed());
    ask(&world, "tea").send().await;
    ask(&world, "milk").send().await;
    world
        .post("/orders")
        .account("bob")
        .body("tea")
        .send()
        .await;
    world
        .post("/orders?of=2")
        .account("alice")
        .body("tea")
        .send()
        .await;
    world.post("/orders").body("tea").send().await; // of nobody
    world.post("/orders").body("tea").send().await;
    sleep(seconds(301)).await;
    ask(&world, "tea").send().await;
    world
        .work
        .answers(|n| (StatusCode::CONFLICT, format!("{n}")));
    ask(&world, "rice").send().await;
    ask(&world, "rice").send().await;
    let get = || {
        world
            .ask(axum::http::Method::GET, "/orders")
            .account("alice")
    };
    get().send().await;
    get().send().await;
    assert_eq!(found(&world.idempotency), []);
    assert_eq!(meter.get(REPEATS, &[]), 0.0);
}

#[tokio::test(start_paused = true)]
async fn a_key_at_a_route_that_nothing_guards_is_found_even_without_a_table() {
    let meter = Meter::install();
    let world = World::of_functions_tuned(|builder| builder.detector_slots(0));
    let layer = ObserveLayer::new(&world.idempotency);
    let world = world.routed(Router::new().route("/orders", post(order)).layer(layer));
    ask(&world, "tea").key("k").send().await;
    let expected = [(UnprotectedKey, "POST /orders".to_owned(), 1)];
    assert_eq!(found(&world.idempotency), expected);
    assert_eq!(meter.get(REQUESTS, &["\"true\""]), 1.0);
}

#[tokio::test(start_paused = true)]
async fn ignored_routes_and_own_digests_are_respected() {
    let world = observed_by(|layer| {
        let layer = layer.ignore("POST /search");
        layer.answer(|response| Some(u64::from(response.status().as_u16()) << 32))
    });
    for _ in 0..2 {
        ask(&world, "tea").send().await;
        world
            .post("/search")
            .account("alice")
            .body("tea")
            .send()
            .await;
    }
    assert_eq!(found(&world.idempotency), []);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_was_not_read_whole_or_is_too_large_is_not_judged() {
    let world = World::of_functions_tuned(tuned);
    let layer = ObserveLayer::new(&world.idempotency);
    let unread = async |State(work): State<Work>| work.run().await;
    let routes = Router::new().route("/orders", post(unread));
    let large = axum::extract::DefaultBodyLimit::disable();
    let routes = routes
        .route("/large", post(order))
        .layer(large)
        .layer(layer);
    let world = world.routed(routes);
    for _ in 0..2 {
        ask(&world, "tea").send().await;
        let body = vec![0; (1 << 20) + 1];
        world
            .post("/large")
            .account("alice")
            .body(body)
            .send()
            .await;
    }
    assert_eq!(found(&world.idempotency), []);
    // Without a body there is nothing to read.
    for _ in 0..2 {
        ask(&world, "").send().await;
    }
    assert_eq!(found(&world.idempotency), repeat(1));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_changed_on_the_way() {
    let world = observed();
    world
        .work
        .answers(|_| ([("x-order", "7")], "streamed whole"));
    let reply = ask(&world, "tea").send().await;
    assert_eq!(reply.answer(), (200, "streamed whole"));
    assert_eq!(reply.header("x-order"), Some("7"));
    assert_eq!(reply.header("content-length"), Some("14"));
}
