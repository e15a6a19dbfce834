//! MariaDB, which stands for MySQL too: against `SELECT 1` and a bare `INSERT`.

mod fill;

use std::str::FromStr;
use std::sync::Arc;

use idempotent_runtime::MySqlStore;
use sqlx::mysql::{MySqlConnectOptions, MySqlPool, MySqlPoolOptions};
use sqlx::pool::PoolConnection;
use sqlx::{Executor, MySql};

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
    pool.execute("CREATE TABLE IF NOT EXISTS business (id bigint PRIMARY KEY, body blob NOT NULL)")
        .await
        .expect("a table");
    let raw = Server(pool.clone());
    let store = MySqlStore::new(self::pool(url, TASKS).await);
    store.migrate().await.expect("a table of records");
    let store: AnyStore = Arc::new(store);
    let finished = Finished::make(&*store).await;
    let stores = [store];
    for tasks in [1, TASKS] {
        let mut contenders = [
            trips(&raw),
            pooled(&pool),
            retries("replay", &stores, &finished),
            commits(&raw),
            first_requests("claim+complete", &stores).against(Server::COMMIT),
            with_a_business_insert(&raw, &stores[0]),
        ];
        if tasks == 1 {
            contenders[2].aim = Some(Aim::AtMost(1.8));
        }
        let plural = if tasks == 1 { "" } else { "s" };
        let title = format!("MariaDB, {tasks} task{plural}");
        report.race(&title, tasks, &contenders).await;
    }
    pool.close().await;
}

/// The cost by the number of records and of connections.
pub async fn measure_growth(report: &Report, url: &str) {
    let pool = pool(url, 2).await;
    growth::table(report, "MariaDB", async |records| {
        fill::with(&pool, records).await
    })
    .await;
    connections::table(report, "MariaDB", async |connections| {
        // One for both, as they take turns: the server has 500 in all.
        let pool = self::pool(url, connections).await;
        Connected {
            raw: Server(pool.clone()),
            stores: vec![Arc::new(MySqlStore::new(pool))],
        }
    })
    .await;
}

/// A pool as one should set it up.
async fn pool(url: &str, connections: usize) -> MySqlPool {
    let options = MySqlConnectOptions::from_str(url).expect("a URL");
    MySqlPoolOptions::new()
        .max_connections(connections as u32)
        .test_before_acquire(false)
        .connect_with(options)
        .await
        .expect("MariaDB answers")
}

/// `SELECT 1` as our statements are sent: on whichever connection is free.
fn pooled(pool: &MySqlPool) -> Contender {
    let pool = pool.clone();
    Contender::each("SELECT 1, from a pool", move || {
        let pool = pool.clone();
        async move {
            let one = sqlx::query("SELECT 1").fetch_optional(&pool).await;
            one.expect("MariaDB answers");
        }
    })
}

#[derive(Clone)]
struct Server(MySqlPool);

impl Raw for Server {
    type Line = PoolConnection<MySql>;
    const TRIP: &'static str = "SELECT 1";
    const COMMIT: &'static str = "INSERT";

    async fn line(&self) -> Self::Line {
        self.0.acquire().await.expect("a connection")
    }

    async fn trip(line: &mut Self::Line) {
        let one = sqlx::query("SELECT 1").fetch_optional(&mut **line).await;
        one.expect("MariaDB answers");
    }

    async fn commit(line: &mut Self::Line) {
        sqlx::query("INSERT INTO business (id, body) VALUES (?, ?)")
            .bind(number() as i64)
            .bind(&BUSINESS[..])
            .execute(&mut **line)
            .await
            .expect("MariaDB commits");
    }
}
