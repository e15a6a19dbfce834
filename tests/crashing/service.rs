//! The service: an operation of two writes, and what became of them.

use axum::extract::{FromRef, Path, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use idempotent_runtime::store::transaction::{Cell, Row, Statement};
use idempotent_runtime::store::{Session, StoreError, TransactionalStore};
use idempotent_runtime::{Attempt, Transactional, idempotent};
use serde::Deserialize;
use serde_json::json;

use super::{Store, Tx};
use crate::point::stop;

/// Made by whoever starts first; a payment and its booking are two rows.
pub(super) const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS crashed_payments (id varchar(64) PRIMARY KEY, name varchar(64));
    CREATE TABLE IF NOT EXISTS crashed_bookings (id varchar(64) PRIMARY KEY, name varchar(64));
";

#[derive(Clone)]
struct App {
    transactional: Transactional<Store>,
    store: Store,
}

impl FromRef<App> for Transactional<Store> {
    fn from_ref(app: &App) -> Self {
        app.transactional.clone()
    }
}

pub(super) fn router(store: Store) -> Router {
    Router::new()
        .route("/pay", post(pay))
        .layer(from_fn(async |request, next: Next| {
            let response = next.run(request).await;
            stop("before the response").await;
            response
        }))
        .route("/effects/{name}", get(effects))
        .with_state(App {
            transactional: Transactional::new(store.clone()),
            store,
        })
}

#[derive(Deserialize)]
struct Order {
    /// Letters, digits and dashes.
    name: String,
    is_refused: bool,
}

struct Failure(StoreError);

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        eprintln!("crashing: {:?}", self.0);
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }
}

#[idempotent(scope = public, transaction = tx)]
async fn pay(
    attempt: Attempt,
    tx: &mut Tx<'_>,
    Json(order): Json<Order>,
) -> Result<Response, Failure> {
    stop("before the effect").await;
    let id = format!("{}-{}", std::process::id(), attempt.fence());
    write(tx, "crashed_payments", &id, &order.name).await?;
    stop("amid the effect").await;
    write(tx, "crashed_bookings", &id, &order.name).await?;
    stop("after the effect").await;
    if order.is_refused {
        return Ok((StatusCode::PAYMENT_REQUIRED, "refused").into_response());
    }
    Ok((StatusCode::CREATED, Json(json!({ "id": id }))).into_response())
}

async fn write(tx: &mut Tx<'_>, table: &str, id: &str, name: &str) -> Result<(), StoreError> {
    let insert = format!("INSERT INTO {table} (id, name) VALUES ('{id}', '{name}')");
    tx.changed(Statement::new("effect", insert)).await.map(drop)
}

/// The ids of what a name has in each table.
async fn effects(
    State(App { store, .. }): State<App>,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    let mut all = Vec::new();
    for table in ["crashed_payments", "crashed_bookings"] {
        let mut tx = store.begin().await?;
        let count = format!("SELECT count(*), max(id) FROM {table} WHERE name = '{name}'");
        let row = tx.row(Statement::new("effects", count)).await?;
        store.roll_back(tx).await?;
        let cells = row.iter().flat_map(Row::cells);
        all.push(cells.map(shown).collect::<Vec<_>>());
    }
    Ok(Json(all).into_response())
}

fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Integer(number) => number.to_string(),
        Cell::Text(text) => text.clone(),
        Cell::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        _ => String::new(),
    }
}
