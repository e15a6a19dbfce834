//! What is guarded is none of the observing layer's concern.

use axum::Router;
use axum::routing::post;
use idempotent_runtime::http::{IdempotencyLayer, ObserveLayer};
use tests::{Meter, World};

use super::{REQUESTS, ask, order, tuned};
use crate::found;

#[tokio::test(start_paused = true)]
async fn what_is_guarded_is_not_observed() {
    let meter = Meter::install();
    let world = World::of_functions_tuned(tuned);
    let observe = ObserveLayer::new(&world.idempotency);
    let guard = IdempotencyLayer::public(world.idempotency.clone()).optional();
    let orders = Router::new().route("/orders", post(order));
    let inside = orders.clone().layer(guard.clone()).layer(observe.clone());
    let world = world.routed(inside);
    for key in ["a", "a", "b"] {
        ask(&world, "tea").key(key).send().await;
    }
    assert_eq!(meter.sum(REQUESTS, &[]), None);
    let outside = orders.layer(observe).layer(guard);
    let world = world.routed(outside);
    for key in ["c", "d"] {
        ask(&world, "tea").key(key).send().await;
    }
    assert_eq!(meter.sum(REQUESTS, &[]), None);
    assert_eq!(found(&world.idempotency), []);
}

#[tokio::test(start_paused = true)]
async fn an_annotated_handler_is_guarded_whatever_it_answers() {
    let meter = Meter::install();
    let world = World::of_functions_tuned(tuned);
    let layer = ObserveLayer::new(&world.idempotency);
    let routes = crate::routes().layer(layer).with_state(world.app());
    let world = world.routed(routes);
    crate::ask(&world, "k").send().await;
    crate::ask(&world, "k").send().await;
    world.post("/pay").account("alice").send().await; // refused: no key
    assert_eq!(meter.sum(REQUESTS, &[]), None);
    assert_eq!(found(&world.idempotency), []);
}
