//! SQLite with `synchronous=FULL`: against the same statements on connections
//! of each task's own.

mod fill;
mod own;

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use idempotent_runtime::SqliteStore;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, Executor};

use super::connections::{self, Connected};
use super::growth;
use super::race::Aim;
use super::raw::{Raw, commits, trips};
use super::records::{AnyStore, BUSINESS, Finished, claims, first_requests, number, retries};
use super::report::Report;

const TASKS: usize = 16;
/// For connections of each task's own, which have no queue: they only try
/// again and again.
const PATIENCE: Duration = Duration::from_secs(60);

/// All tables of this database, on a file in `directory`.
pub async fn measure(report: &mut Report, directory: &Path) {
    let file = File::new(directory, "records.db");
    let connected = SqliteStore::connect(&file.0).await.expect("a store");
    connected.migrate().await.expect("a table of records");
    file.prepare().await;
    let store: AnyStore = Arc::new(connected);
    let finished = Finished::make(&*store).await;
    let stores = [store];

    let one = [
        trips(&file),
        retries("replay", &stores, &finished),
        commits(&file),
        first_requests("claim+complete", &stores).against(File::COMMIT),
    ];
    report
        .race("SQLite, synchronous=FULL, 1 task", 1, &one)
        .await;
    let many = [
        claims("claim", &stores[0]),
        own::claims(&file).aim(Aim::AtLeast(4.0)),
        commits(&file).against("claim"),
        first_requests("claim+complete", &stores),
        retries("replay", &stores, &finished),
    ];
    let title = "SQLite, synchronous=FULL, 16 tasks";
    report.race(title, TASKS, &many).await;
}

/// The cost by the number of records and of connections.
pub async fn measure_growth(report: &Report, directory: &Path) {
    growth::table(report, "SQLite", async |records| {
        // A file each, so that each has the depth of its own records only.
        let file = File::new(directory, &format!("records-{records}.db"));
        fill::with(&file, records).await
    })
    .await;
    let file = File::new(directory, "connections.db");
    let pool = file.pool(1).await;
    let store = SqliteStore::new(pool);
    store.migrate().await.expect("a table of records");
    file.prepare().await;
    connections::table(report, "SQLite", async |connections| Connected {
        raw: file.clone(),
        stores: vec![Arc::new(SqliteStore::new(file.pool(connections).await))],
    })
    .await;
}

/// A file's URL.
#[derive(Clone)]
struct File(String);

impl File {
    fn new(directory: &Path, name: &str) -> Self {
        Self(format!("sqlite:{}", directory.join(name).display()))
    }

    fn options(&self) -> SqliteConnectOptions {
        SqliteConnectOptions::from_str(&self.0)
            .expect("a URL")
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE)
    }

    async fn pool(&self, connections: usize) -> SqlitePool {
        let pool = SqlitePoolOptions::new()
            .max_connections(connections as u32)
            .test_before_acquire(false)
            .connect_with(self.options());
        pool.await.expect("a file")
    }

    async fn prepare(&self) {
        let sql =
            "CREATE TABLE IF NOT EXISTS business (id INTEGER PRIMARY KEY, body BLOB NOT NULL)";
        self.line().await.execute(sql).await.expect("a table");
    }
}

impl Raw for File {
    type Line = SqliteConnection;
    const TRIP: &'static str = "SELECT 1";
    const COMMIT: &'static str = "INSERT";

    async fn line(&self) -> Self::Line {
        self.options().connect().await.expect("a file")
    }

    async fn trip(line: &mut Self::Line) {
        let one = sqlx::query("SELECT 1").fetch_optional(line).await;
        one.expect("SQLite answers");
    }

    async fn commit(line: &mut Self::Line) {
        sqlx::query("INSERT INTO business (id, body) VALUES (?1, ?2)")
            .bind(number() as i64)
            .bind(&BUSINESS[..])
            .execute(line)
            .await
            .expect("SQLite commits");
    }
}
