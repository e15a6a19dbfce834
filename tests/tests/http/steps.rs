//! Steps in a handler: a retry after a 5xx goes on where the first attempt
//! stopped, and a request without a key just runs.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use idempotent_runtime::{Attempt, Error, idempotent};
use tests::{App, Fault, Verb, World, seconds};
use tokio::time::sleep;

use crate::interruption::die;

struct Failed(StatusCode, String);

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self(StatusCode::INTERNAL_SERVER_ERROR, error.code().to_owned())
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        (self.0, self.1).into_response()
    }
}

#[idempotent(scope = public, required = false)]
async fn pay(State(app): State<App>, attempt: Attempt) -> Result<String, Failed> {
    let part = async || Ok::<_, Failed>(app.work.effect().await);
    let charged = attempt.step("charge", part).await?;
    let answer = app.work.run().await;
    if answer.status().is_server_error() {
        return Err(Failed(answer.status(), "the warehouse is down".into()));
    }
    Ok(format!("charge {charged}"))
}

fn world() -> World {
    World::new(Router::new().route("/pay", post(pay)))
}

#[tokio::test]
async fn a_retry_after_a_5xx_goes_on_where_the_first_one_stopped() {
    let world = world();
    world
        .work
        .answers(|n| StatusCode::from_u16(if n < 3 { 503 } else { 200 }).unwrap_or_default());
    let ask = || world.post("/pay").key("k").send();
    assert_eq!(ask().await.status, 503);
    for _ in 0..2 {
        assert_eq!(ask().await.answer(), (200, "charge 1"));
    }
    // The charge, and the warehouse twice.
    assert_eq!(world.work.started(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_a_dead_process_takes_what_that_one_recorded() {
    let world = world();
    die(&world, seconds(61)).await;
    sleep(seconds(31)).await;
    let retry = world.post("/pay").key("k").send().await;
    assert_eq!(retry.answer(), (200, "charge 1"));
    assert_eq!(world.work.started(), 3);
}

#[tokio::test]
async fn without_a_key_the_parts_just_run() {
    let world = world();
    for charge in [1, 3] {
        let reply = world.post("/pay").send().await;
        assert_eq!(reply.answer(), (200, &*format!("charge {charge}")));
    }
    assert_eq!(world.store.count(Verb::Step), 0);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_takes_no_step_stops_the_body() {
    let world = world();
    world.store.always(Verb::Step, Fault::Misconfigured);
    let reply = world.post("/pay").key("k").send().await;
    assert_eq!(reply.answer(), (500, "step-unrecorded"));
    assert_eq!(world.work.started(), 1);
}
