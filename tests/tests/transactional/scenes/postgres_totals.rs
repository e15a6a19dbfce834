//! A service whose bodies change totals, each under a lease of 400 ms.

use axum::Router;
use axum::extract::{FromRef, Path, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use idempotent_runtime::{PostgresStore, Transactional, idempotent};
use sqlx::PgTransaction;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use tests::{Ask, Reply};

use crate::gate::Gate;

#[derive(Clone, FromRef)]
struct App {
    transactional: Transactional<PostgresStore>,
    gate: Gate,
}

struct Failure;

impl From<sqlx::Error> for Failure {
    fn from(_: sqlx::Error) -> Self {
        Self
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, "the database failed").into_response()
    }
}

/// Adds one to a total, passes the gate, and adds one to another.
#[idempotent(scope = public, transaction = tx, lease = "400ms")]
async fn transfer(
    State(gate): State<Gate>,
    Path((from, to)): Path<(String, String)>,
    tx: &mut PgTransaction<'_>,
) -> Result<String, Failure> {
    add(tx, &from).await?;
    gate.pass().await;
    add(tx, &to).await?;
    Ok(format!("from {from} to {to}"))
}

/// Passes the gate with an effect, and does nothing after it.
#[idempotent(scope = public, transaction = tx, lease = "400ms")]
async fn pause(
    State(gate): State<Gate>,
    tx: &mut PgTransaction<'_>,
) -> Result<&'static str, Failure> {
    add(tx, "a").await?;
    gate.pass().await;
    Ok("paused")
}

/// A statement that takes longer than the lease, after an effect.
#[idempotent(scope = public, transaction = tx, lease = "400ms")]
async fn sleepy(tx: &mut PgTransaction<'_>) -> Result<&'static str, Failure> {
    add(tx, "a").await?;
    sqlx::query("SELECT pg_sleep(10)")
        .execute(&mut **tx)
        .await?;
    Ok("slept")
}

async fn add(tx: &mut PgTransaction<'_>, name: &str) -> Result<(), sqlx::Error> {
    let update = sqlx::query("UPDATE totals SET total = total + 1 WHERE name = $1").bind(name);
    update.execute(&mut **tx).await.map(drop)
}

pub(crate) struct Service {
    pub(crate) gate: Gate,
    pub(crate) router: Router,
}

impl Service {
    pub(crate) fn new(options: PgConnectOptions) -> Self {
        let pool = PgPoolOptions::new()
            .max_connections(4)
            .test_before_acquire(false);
        Self::on(pool.connect_lazy_with(options))
    }

    pub(crate) fn on(pool: PgPool) -> Self {
        let gate = Gate::new();
        let app = App {
            transactional: Transactional::new(PostgresStore::new(pool)),
            gate: gate.clone(),
        };
        let router = Router::new()
            .route("/transfer/{from}/{to}", post(transfer))
            .route("/pause", post(pause))
            .route("/sleepy", post(sleepy))
            .route("/bounds", post(bounds))
            .with_state(app);
        Self { gate, router }
    }

    pub(crate) async fn post(&self, uri: &str, key: &str) -> Reply {
        Ask::new(self.router.clone(), Method::POST, uri)
            .key(key)
            .send()
            .await
    }
}

pub(crate) const BOUNDS: &str = "SELECT current_setting('statement_timeout') || ', ' \
    || current_setting('idle_in_transaction_session_timeout')";

/// Tells the bounds that it runs under.
#[idempotent(scope = public, transaction = tx, lease = "400ms")]
async fn bounds(tx: &mut PgTransaction<'_>) -> Result<String, Failure> {
    Ok(sqlx::query_scalar(BOUNDS).fetch_one(&mut **tx).await?)
}
