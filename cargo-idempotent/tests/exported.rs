//! An exported test file, as a user has it: it compiles, runs, and finds what is wrong.

// As it was written: not formatted.
#[rustfmt::skip]
mod recorded;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{Json, Router, extract::FromRef, extract::State, http::StatusCode, routing::post};
use cargo_idempotent::{export, import};
use idempotent_runtime::{Idempotency, MemoryStore, idempotent};
use serde_json::{Value, json};

#[derive(Clone)]
struct App {
    effects: Arc<AtomicUsize>,
    idempotency: Idempotency,
}

impl FromRef<App> for Idempotency {
    fn from_ref(app: &App) -> Self {
        app.idempotency.clone()
    }
}

#[idempotent(scope = public, state = App)]
async fn order(State(app): State<App>, Json(order): Json<Value>) -> (StatusCode, Json<Value>) {
    if order["amount"] == -1 {
        return (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({})));
    }
    tokio::task::yield_now().await;
    let id = app.effects.fetch_add(1, Ordering::SeqCst);
    (StatusCode::CREATED, Json(json!({ "id": id })))
}

#[idempotent(scope = public, state = App)]
async fn refund(State(app): State<App>) -> Json<Value> {
    let id = app.effects.fetch_add(1, Ordering::SeqCst);
    Json(json!({ "refund": id }))
}

/// What the exported module asks for.
fn app() -> (Router, impl Fn() -> usize) {
    let effects = Arc::new(AtomicUsize::new(0));
    let app = App {
        effects: Arc::clone(&effects),
        idempotency: Idempotency::new(MemoryStore::new()),
    };
    let router = Router::new()
        .route("/orders", post(order))
        .route("/refunds", post(refund))
        .with_state(app);
    (router, move || effects.load(Ordering::SeqCst))
}

/// `UPDATE_EXPECT=1` writes the module anew.
#[test]
fn the_module_that_runs_here_is_what_export_writes() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests");
    let read = import::paths(&[root.join("fixtures/exported.har")]);
    assert!(read.problems.is_empty(), "{:?}", read.problems);
    let (text, left_out) = export::rust(&read.cases);
    let module = root.join("recorded/mod.rs");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&module, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(module).unwrap(), text);
    assert_eq!(
        left_out,
        [
            "entry-2: a case of its route came before",
            "entry-3: it was recorded as an error",
            "entry-5: idempotent by its method: it has no key to check",
            "entry-6: it changes nothing",
        ]
    );
}
