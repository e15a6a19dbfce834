//! One handler four times: it inserts a row in a transaction.

use axum::extract::{FromRef, State};
use axum::routing::post;
use axum::{Json, Router};
use idempotent_runtime::{Idempotency, PostgresStore, Transactional, idempotent};
use sqlx::PgTransaction;
use sqlx::postgres::PgPool;

use crate::handler::{NewPayment, Payment, settle};
use crate::stores::records::{BUSINESS, number};

/// Names and paths; the bare one first.
pub const ROUTES: [(&str, &str); 4] = [
    ("handler with a transaction", "/bare"),
    ("transaction", "/transaction"),
    ("transaction, claim = before", "/before"),
    ("lease", "/lease"),
];

#[derive(Clone, FromRef)]
pub struct App {
    pool: PgPool,
    transactional: Transactional<PostgresStore>,
    idempotency: Idempotency,
}

impl App {
    pub fn over(pool: PgPool) -> Self {
        let transactional = Transactional::new(PostgresStore::new(pool.clone()));
        Self {
            pool,
            idempotency: transactional.idempotency(),
            transactional,
        }
    }
}

/// The tables, and what counts commits.
pub async fn prepare(pool: &PgPool) {
    let table = "CREATE TABLE IF NOT EXISTS business (id bigint PRIMARY KEY, body bytea NOT NULL)";
    // It reads the write-ahead log, to count commits.
    let extension = "CREATE EXTENSION IF NOT EXISTS pg_walinspect";
    for statement in [table, extension] {
        sqlx::query(statement).execute(pool).await.expect("a chore");
    }
    let store = PostgresStore::new(pool.clone());
    store.migrate().await.expect("a table of records");
}

pub fn router(app: App) -> Router {
    Router::new()
        .route("/bare", post(bare))
        .route("/transaction", post(transaction))
        .route("/before", post(before))
        .route("/lease", post(lease))
        .with_state(app)
}

async fn bare(State(pool): State<PgPool>, Json(new): Json<NewPayment>) -> Json<Payment> {
    let mut tx = pool.begin().await.expect("a transaction");
    insert(&mut tx).await;
    tx.commit().await.expect("a commit");
    Json(settle(new))
}

#[idempotent(scope = public, transaction = tx)]
async fn transaction(tx: &mut PgTransaction<'_>, Json(new): Json<NewPayment>) -> Json<Payment> {
    insert(tx).await;
    Json(settle(new))
}

#[idempotent(scope = public, transaction = tx, claim = before)]
async fn before(tx: &mut PgTransaction<'_>, Json(new): Json<NewPayment>) -> Json<Payment> {
    insert(tx).await;
    Json(settle(new))
}

#[idempotent(scope = public)]
async fn lease(State(pool): State<PgPool>, Json(new): Json<NewPayment>) -> Json<Payment> {
    bare(State(pool), Json(new)).await
}

async fn insert(tx: &mut PgTransaction<'_>) {
    sqlx::query("INSERT INTO business (id, body) VALUES ($1, $2)")
        .bind(number() as i64)
        .bind(&BUSINESS[..])
        .execute(&mut **tx)
        .await
        .expect("an insert");
}
