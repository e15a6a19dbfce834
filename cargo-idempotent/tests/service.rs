//! The check in process: an annotated handler passes, handlers that are wrong do not.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{FromRef, State},
    http::{HeaderMap, StatusCode},
    routing::post,
};
use cargo_idempotent::{Check, Failed, Profile, service};
use idempotent_runtime::{Idempotency, MemoryStore, idempotent};
use serde_json::{Value, json};

#[derive(Clone)]
struct App {
    effects: Arc<AtomicUsize>,
    idempotency: Idempotency,
    answers: Arc<Mutex<HashMap<String, Option<Value>>>>,
}

impl FromRef<App> for Idempotency {
    fn from_ref(app: &App) -> Self {
        app.idempotency.clone()
    }
}

fn app() -> (App, impl Fn() -> usize) {
    let effects = Arc::new(AtomicUsize::new(0));
    let app = App {
        effects: Arc::clone(&effects),
        idempotency: Idempotency::new(MemoryStore::new()),
        answers: Arc::default(),
    };
    (app, move || effects.load(Ordering::SeqCst))
}

/// The work: two awaits, and one effect.
async fn work(app: &App, order: &Value) -> Value {
    tokio::task::yield_now().await;
    let id = app.effects.fetch_add(1, Ordering::SeqCst);
    tokio::time::sleep(Duration::from_millis(5)).await;
    json!({ "id": id, "amount": order["amount"] })
}

fn check(router: Router) -> Check<Router> {
    let checked = service(router).post("/orders", json!({ "amount": 1 }));
    checked.other(json!({ "amount": 2 })).orders(200)
}

#[idempotent(scope = public, state = App)]
async fn annotated(State(app): State<App>, Json(order): Json<Value>) -> (StatusCode, Json<Value>) {
    if order["amount"] == -1 {
        return (
            StatusCode::UNPROCESSABLE_ENTITY,
            Json(json!("less than nothing")),
        );
    }
    (StatusCode::CREATED, Json(work(&app, &order).await))
}

#[tokio::test(start_paused = true)]
async fn an_annotated_handler_is_proven() {
    let (app, effects) = app();
    let router = Router::new()
        .route("/orders", post(annotated))
        .with_state(app);
    let check = check(router).failing(json!({ "amount": -1 }));
    let checked = check.ledger(effects).check(Profile::Default).await;
    assert_eq!(checked.unwrap().proven.len(), 9);
}

/// Looks the key up, works, and remembers: two requests get in between.
async fn two_steps(
    State(app): State<App>,
    headers: HeaderMap,
    Json(order): Json<Value>,
) -> Json<Value> {
    let key = headers["idempotency-key"].to_str().unwrap().to_owned();
    if let Some(Some(known)) = app.answers.lock().unwrap().get(&key).cloned() {
        return Json(known);
    }
    let answer = work(&app, &order).await;
    app.answers
        .lock()
        .unwrap()
        .insert(key, Some(answer.clone()));
    Json(answer)
}

#[tokio::test(start_paused = true)]
async fn a_race_with_an_await_inside_is_found() {
    let (app, effects) = app();
    let router = Router::new()
        .route("/orders", post(two_steps))
        .with_state(app);
    let failed = check(router)
        .ledger(effects)
        .check(Profile::Stripe)
        .await
        .unwrap_err();
    let Failed::Violations { found, .. } = &failed else {
        panic!("{failed}");
    };
    let race = found
        .iter()
        .any(|f| f.starts_with("concurrent duplicates, order 0, 2 copies"));
    assert!(race, "{failed}");
}

/// Claims in one step, but a claim whose request was dropped stays for ever.
async fn stuck(
    State(app): State<App>,
    headers: HeaderMap,
    Json(order): Json<Value>,
) -> Result<Json<Value>, StatusCode> {
    let key = headers
        .get("idempotency-key")
        .ok_or(StatusCode::BAD_REQUEST)?;
    let key = key.to_str().unwrap().to_owned();
    let found = {
        let mut answers = app.answers.lock().unwrap();
        let found = answers.get(&key).cloned();
        answers.entry(key.clone()).or_insert(None);
        found
    };
    match found {
        Some(Some(known)) => return Ok(Json(known)),
        Some(None) => return Err(StatusCode::CONFLICT),
        None => {}
    }
    let answer = work(&app, &order).await;
    app.answers
        .lock()
        .unwrap()
        .insert(key, Some(answer.clone()));
    Ok(Json(answer))
}

#[tokio::test(start_paused = true)]
async fn a_claim_that_outlives_its_dropped_request_is_found() {
    let (app, effects) = app();
    let router = Router::new().route("/orders", post(stuck)).with_state(app);
    let failed = check(router)
        .ledger(effects)
        .check(Profile::Ietf)
        .await
        .unwrap_err();
    let text = failed.to_string();
    assert!(
        text.contains("dropped after 1 steps and retried: 0 effects, and 409 at last"),
        "{text}"
    );
    assert!(
        text.contains("same key, other payload: 200, not 422"),
        "{text}"
    );
    assert!(!text.contains("concurrent"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_ledger_that_counts_nothing_proves_nothing() {
    let (app, _) = app();
    let router = Router::new()
        .route("/orders", post(annotated))
        .with_state(app);
    let failed = check(router).ledger(|| 0).check(Profile::Default).await;
    assert!(matches!(failed, Err(Failed::Control(_))), "{failed:?}");
}
