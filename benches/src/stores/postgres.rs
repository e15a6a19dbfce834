//! PostgreSQL: against `SELECT 1` and a bare `INSERT`.

mod fill;
mod wal;

use std::str::FromStr;
use std::sync::Arc;

use idempotent_runtime::PostgresStore;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{Executor, Postgres};

use super::connections::{self, Connected};
use super::growth;
use super::lease_mode::with_a_business_insert;
use super::race::{Aim, Contender};
use super::raw::{Raw, commits, trips};
use super::records::{AnyStore, BUSINESS, Finished, first_requests, number, retries};
use super::report::Report;

const TASKS: usize = 16;

/// All tables of this server.
pub async fn measure(report: &mut Report, url: &str) {
    let pool = pool(url, TASKS).await;
    pool.execute(
        "CREATE TABLE IF NOT EXISTS business (id bigint PRIMARY KEY, body bytea NOT NULL)",
    )
    .await
    .expect("a table");
    let raw = Server(pool.clone());
    let connected = PostgresStore::connect(url).await.expect("a store");
    connected.migrate().await.expect("a table of records");
    // As many connections as tasks; else as `connect` makes it.
    let store: AnyStore = Arc::new(PostgresStore::new(self::pool(url, TASKS).await));
    let finished = Finished::make(&*store).await;
    wal::of_replays(report, &raw.0, &*store, &finished).await;
    let stores = [store];

    let one = [
        trips(&raw),
        pooled(&pool),
        retries("replay", &stores, &finished).aim(Aim::AtMost(1.9)),
        commits(&raw),
        first_requests("claim+complete", &stores).against(Server::COMMIT),
        with_a_business_insert(&raw, &stores[0]),
    ];
    report.race("PostgreSQL, 1 task", 1, &one).await;
    let many = [
        trips(&raw),
        pooled(&pool),
        retries("replay", &stores, &finished),
        commits(&raw),
        first_requests("claim+complete", &stores).against(Server::COMMIT),
        with_a_business_insert(&raw, &stores[0]).aim(Aim::AtMost(5.0)),
    ];
    report.race("PostgreSQL, 16 tasks", TASKS, &many).await;
    drop((one, many, stores, connected));
    pool.close().await;
}

/// The cost by the number of records and of connections.
pub async fn measure_growth(report: &Report, url: &str) {
    let pool = pool(url, 2).await;
    growth::table(report, "PostgreSQL", async |records| {
        fill::with(&pool, records).await
    })
    .await;
    connections::table(report, "PostgreSQL", async |connections| {
        // One for both, as they take turns: the server has 500 in all.
        let pool = self::pool(url, connections).await;
        Connected {
            raw: Server(pool.clone()),
            stores: vec![Arc::new(PostgresStore::new(pool))],
        }
    })
    .await;
}

async fn pool(url: &str, connections: usize) -> PgPool {
    pool_of(PgConnectOptions::from_str(url).expect("a URL"), connections).await
}

/// A pool as one should set it up.
pub async fn pool_of(options: PgConnectOptions, connections: usize) -> PgPool {
    PgPoolOptions::new()
        .max_connections(connections as u32)
        .test_before_acquire(false)
        .connect_with(options)
        .await
        .expect("PostgreSQL answers")
}

/// `SELECT 1` as our statements are sent: on whichever connection is free.
fn pooled(pool: &PgPool) -> Contender {
    let pool = pool.clone();
    Contender::each("SELECT 1, from a pool", move || {
        let pool = pool.clone();
        async move {
            let one = sqlx::query("SELECT 1").fetch_optional(&pool).await;
            one.expect("PostgreSQL answers");
        }
    })
}

#[derive(Clone)]
struct Server(PgPool);

impl Raw for Server {
    type Line = PoolConnection<Postgres>;
    const TRIP: &'static str = "SELECT 1";
    const COMMIT: &'static str = "INSERT";

    async fn line(&self) -> Self::Line {
        self.0.acquire().await.expect("a connection")
    }

    async fn trip(line: &mut Self::Line) {
        let one = sqlx::query("SELECT 1").fetch_optional(&mut **line).await;
        one.expect("PostgreSQL answers");
    }

    async fn commit(line: &mut Self::Line) {
        sqlx::query("INSERT INTO business (id, body) VALUES ($1, $2)")
            .bind(number() as i64)
            .bind(&BUSINESS[..])
            .execute(&mut **line)
            .await
            .expect("PostgreSQL commits");
    }
}
