//! What the detectors find, and what they leave alone: each rule has a test
//! in which it fires and one in which it must not.

#![allow(clippy::float_cmp)] // counts are exact

mod cross_scope;
mod duplicates;
mod effects;
mod forgotten;
mod late_retries;
mod lease_pressure;
mod model;
mod reruns;
mod suspects;
mod unprotected;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use idempotent_runtime::findings::FindingKind;
use idempotent_runtime::{Idempotency, idempotent};
use tests::{Account, App, Ask, Refusal, World};

/// The operation of most tests.
#[idempotent(scope = account.0, name = "pay")]
async fn pay(State(app): State<App>, account: Account, _: Bytes) -> Response {
    app.work.run().await
}

fn routes() -> Router<App> {
    Router::new().route("/pay", post(pay))
}

fn ask(world: &World, key: &str) -> Ask {
    world.post("/pay").account("alice").key(key)
}

/// A function with one effect, whose number is its answer, if that is final.
#[idempotent(store = world.idempotency, key = key, name = "act")]
async fn act(world: Arc<World>, key: String, is_final: bool) -> Result<u64, Refusal> {
    let n = world.work.effect().await;
    if is_final {
        Ok(n)
    } else {
        Err(Refusal::declined("not now"))
    }
}

/// Kind, place and count of each finding.
fn found(idempotency: &Idempotency) -> Vec<(FindingKind, String, u64)> {
    let findings = idempotency.findings().into_iter();
    findings.map(|it| (it.kind, it.place, it.count)).collect()
}

/// How often this was found.
fn count(world: &World, kind: FindingKind) -> u64 {
    let found = found(&world.idempotency).into_iter();
    found.filter(|it| it.0 == kind).map(|it| it.2).sum()
}
