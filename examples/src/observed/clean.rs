//! Traffic as it should be, with everything that looks like a fault and is
//! none: retries, duplicates, refusals, a long body, a rerun after a failure.

use std::error::Error;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use idempotent_runtime::{Attempt, idempotent};
use serde_json::json;

use super::app::{Account, App};
use super::world::World;
use crate::client::Request;

/// What the clean half has done, once for each intent.
#[derive(Debug, Default)]
pub(super) struct Effects {
    payments: AtomicU64,
    tries: AtomicU64,
}

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/clean/payments", post(pay))
        .route("/clean/exports", post(export))
        .route("/clean/mails", post(mail))
        .route("/clean/searches", post(search))
}

#[idempotent(scope = account.0, name = "clean.payments", on_conflict = wait("5s"))]
async fn pay(account: Account, State(app): State<App>, Json(amount): Json<u64>) -> Json<u64> {
    let _ = account;
    tokio::time::sleep(Duration::from_millis(50)).await;
    app.effects.payments.fetch_add(1, SeqCst);
    Json(amount)
}

/// Far longer than its lease, which its heartbeat keeps.
#[idempotent(scope = account.0, name = "clean.exports", lease = "1s")]
async fn export(account: Account, Json(month): Json<u64>) -> Json<u64> {
    let _ = account;
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    Json(month)
}

/// Fails before it does anything, at every first try; what it does then, it
/// does once.
#[idempotent(scope = account.0, name = "clean.mails")]
async fn mail(
    account: Account,
    State(app): State<App>,
    attempt: Attempt,
    Json(to): Json<u64>,
) -> Result<Json<u64>, StatusCode> {
    let _ = account;
    if app.effects.tries.fetch_add(1, SeqCst).is_multiple_of(2) {
        return Err(StatusCode::SERVICE_UNAVAILABLE);
    }
    attempt.record_effect("mail", &to);
    Ok(Json(to))
}

/// Not idempotent, and needs not be: it only looks.
async fn search(Json(words): Json<String>) -> Json<usize> {
    Json(words.len())
}

pub(super) async fn traffic(world: &World) -> Result<(), Box<dyn Error>> {
    let payments = &world.app.effects.payments;
    let before = payments.load(SeqCst);
    let pay = |account: &str, key: &str, amount: u64| {
        let request = Request::post("/clean/payments").account(account).key(key);
        request.json(&json!(amount))
    };
    let key = world.key("payment");
    // A duplicate while the first runs, and a retry of both.
    let request = pay("acme", &key, world.round());
    let (first, duplicate) = tokio::join!(world.ask(&request), world.ask(&request));
    assert_eq!((first?.status, duplicate?.status), (200, 200));
    assert!(world.ask(&request).await?.is_replay());
    // A client's mistake: the same key for another payment.
    let other = pay("acme", &key, world.round() + 1_000_000);
    assert_eq!(world.ask(&other).await?.status, 422);
    // Two tenants number their orders alike.
    for account in ["acme", "bolt"] {
        let order = pay(
            account,
            &format!("\"{}\"", world.round()),
            world.round() + 2_000_000,
        );
        assert_eq!(world.ask(&order).await?.status, 200);
    }
    assert_eq!(payments.load(SeqCst) - before, 3);

    let body = json!(world.round());
    let export = Request::post("/clean/exports")
        .account("acme")
        .key(&world.key("export"));
    assert_eq!(world.ask(&export.json(&body)).await?.status, 200);

    let mail = Request::post("/clean/mails")
        .account("acme")
        .key(&world.key("mail"));
    let mail = mail.json(&body);
    assert_eq!(world.ask(&mail).await?.status, 503);
    assert_eq!(world.ask(&mail).await?.status, 200);

    let search = Request::post("/clean/searches")
        .account("acme")
        .json(&json!("shoes"));
    for _ in 0..2 {
        assert_eq!(world.ask(&search).await?.body, b"5");
    }
    Ok(())
}
