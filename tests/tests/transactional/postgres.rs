//! The scenes in PostgreSQL.

#[allow(dead_code)] // shared with the store's own tests
#[path = "../store_postgres/database.rs"]
mod database;

#[path = "scenes/commit.rs"]
mod commit;
#[path = "scenes/concurrent_functions.rs"]
mod concurrent_functions;
#[path = "scenes/duplicates.rs"]
mod duplicates;
#[path = "scenes/postgres_faults.rs"]
mod faults;
#[path = "scenes/fenced.rs"]
mod fenced;
#[path = "scenes/functions.rs"]
mod functions;
#[path = "scenes/lost_commits.rs"]
mod lost_commits;
#[path = "scenes/overtaken.rs"]
mod overtaken;
#[path = "scenes/sealed.rs"]
mod sealed;
#[path = "scenes/service.rs"]
mod service;
#[path = "scenes/postgres_totals.rs"]
mod totals;
#[path = "scenes/verbs.rs"]
mod verbs;

use idempotent_runtime::PostgresStore;
use sqlx::postgres::PgPoolOptions;

use self::database::Database;

pub(crate) type Store = PostgresStore;
pub(crate) type Tx<'c> = sqlx::PgTransaction<'c>;

/// A duplicate is told at once, whichever process has the first one.
pub(crate) const TOLD_ELSEWHERE: bool = true;

/// A database with a table of effects and one of records.
pub(crate) struct Base(Database);

impl Base {
    pub(crate) async fn new() -> Self {
        let database = Database::create().await;
        database.migrate().await;
        let effects = "CREATE TABLE effects (key text NOT NULL); \
            CREATE TABLE debts (key text NOT NULL UNIQUE DEFERRABLE INITIALLY DEFERRED)";
        database.execute(effects).await;
        Self(database)
    }

    /// A store on a pool of its own, as another process would have it.
    pub(crate) fn store(&self, connections: u32) -> Store {
        PostgresStore::new(self.0.pool(connections))
    }

    /// The same, by way of another port of this machine.
    pub(crate) fn store_at(&self, port: u16, connections: u32) -> Store {
        let options = self.0.options.clone().port(port);
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .test_before_acquire(false);
        PostgresStore::new(pool.connect_lazy_with(options))
    }

    /// The server's port.
    pub(crate) fn port(&self) -> u16 {
        self.0.options.get_port()
    }

    /// How many effects of a key are committed.
    pub(crate) async fn effects(&self, key: &str) -> i64 {
        let count = format!("SELECT count(*) FROM effects WHERE key = '{key}'");
        self.0.number(&count).await
    }

    /// How many records there are, finished or not.
    pub(crate) async fn records(&self) -> i64 {
        self.0
            .number("SELECT count(*) FROM idempotency_records")
            .await
    }
}

/// What a body does for a key.
pub(crate) async fn effect(tx: &mut Tx<'_>, key: &str) -> Result<(), sqlx::Error> {
    let insert = sqlx::query("INSERT INTO effects VALUES ($1)").bind(key);
    insert.execute(&mut **tx).await.map(drop)
}

/// A statement that fails, and the transaction with it.
pub(crate) async fn mistake(tx: &mut Tx<'_>) -> Result<(), sqlx::Error> {
    sqlx::query("SELECT 1 / 0")
        .execute(&mut **tx)
        .await
        .map(drop)
}

/// Something that only the commit finds wrong.
pub(crate) async fn unkept_promise(tx: &mut Tx<'_>) -> Result<(), sqlx::Error> {
    let insert = sqlx::query("INSERT INTO debts VALUES ('a'), ('a')");
    insert.execute(&mut **tx).await.map(drop)
}
