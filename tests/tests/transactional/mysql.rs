//! The scenes in MariaDB.

#[allow(dead_code)] // shared with the store's own tests
#[path = "../store_mysql/database.rs"]
mod database;

#[path = "scenes/commit.rs"]
mod commit;
#[path = "scenes/concurrent_functions.rs"]
mod concurrent_functions;
#[path = "scenes/duplicates.rs"]
mod duplicates;
#[path = "scenes/mysql_faults.rs"]
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
#[path = "scenes/verbs.rs"]
mod verbs;

use idempotent_runtime::MySqlStore;
use sqlx::mysql::MySqlPoolOptions;

use self::database::Database;

pub(crate) type Store = MySqlStore;
pub(crate) type Tx<'c> = sqlx::MySqlTransaction<'c>;

/// A duplicate is told at once, whichever process has the first one.
pub(crate) const TOLD_ELSEWHERE: bool = true;

/// A database with a table of effects and one of records.
pub(crate) struct Base(Database);

impl Base {
    pub(crate) async fn new() -> Self {
        let database = Database::create().await;
        database.store(1).await;
        // `key` is a word of the language.
        let effects = "CREATE TABLE effects (`key` VARCHAR(64) NOT NULL) ENGINE = InnoDB";
        database.execute(effects).await;
        Self(database)
    }

    /// A store on a pool of its own, as another process would have it.
    pub(crate) fn store(&self, connections: u32) -> Store {
        MySqlStore::new(self.0.pool(connections))
    }

    /// The same, by way of another port of this machine.
    pub(crate) fn store_at(&self, port: u16, connections: u32) -> Store {
        let options = self.0.options.clone().port(port);
        let pool = MySqlPoolOptions::new()
            .max_connections(connections)
            .test_before_acquire(false);
        MySqlStore::new(pool.connect_lazy_with(options))
    }

    /// The server's port.
    pub(crate) fn port(&self) -> u16 {
        self.0.options.get_port()
    }

    /// How many effects of a key are committed.
    pub(crate) async fn effects(&self, key: &str) -> i64 {
        let count = format!("SELECT count(*) FROM effects WHERE `key` = '{key}'");
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
    let insert = sqlx::query("INSERT INTO effects VALUES (?)").bind(key);
    insert.execute(&mut **tx).await.map(drop)
}

/// A statement that fails, and the transaction with it, as after a deadlock:
/// then the session is in none.
pub(crate) async fn mistake(tx: &mut Tx<'_>) -> Result<(), sqlx::Error> {
    unkept_promise(tx).await?;
    let wrong = sqlx::raw_sql("SELECT * FROM nowhere");
    wrong.execute(&mut **tx).await.map(drop)
}

/// Something that only the end finds wrong: there is no transaction any more.
pub(crate) async fn unkept_promise(tx: &mut Tx<'_>) -> Result<(), sqlx::Error> {
    let over = sqlx::raw_sql("ROLLBACK");
    over.execute(&mut **tx).await.map(drop)
}
