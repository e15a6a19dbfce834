//! The scenes in SQLite.

#[allow(dead_code)] // shared with the store's own tests
#[path = "../store_sqlite/file.rs"]
mod file;

#[path = "scenes/commit.rs"]
mod commit;
#[path = "scenes/duplicates.rs"]
mod duplicates;
#[path = "scenes/fenced.rs"]
mod fenced;
#[path = "scenes/functions.rs"]
mod functions;
#[path = "scenes/sealed.rs"]
mod sealed;
#[path = "scenes/service.rs"]
mod service;
#[path = "scenes/verbs.rs"]
mod verbs;

use idempotent_runtime::SqliteStore;

use self::file::File;

pub(crate) type Store = SqliteStore;
pub(crate) type Tx<'c> = sqlx::SqliteTransaction<'c>;

/// The file has one lock for all keys: who is elsewhere waits for it, and cannot
/// tell a duplicate.
pub(crate) const TOLD_ELSEWHERE: bool = false;

/// A file with a table of effects and one of records.
pub(crate) struct Base(File);

impl Base {
    pub(crate) async fn new() -> Self {
        let file = File::new();
        file.store().await;
        let effects = "CREATE TABLE effects (key TEXT NOT NULL); \
            CREATE TABLE ones (n INTEGER PRIMARY KEY); \
            INSERT INTO ones VALUES (1); \
            CREATE TABLE debts (n INTEGER REFERENCES ones DEFERRABLE INITIALLY DEFERRED)";
        file.execute(effects).await;
        Self(file)
    }

    /// A store on a pool of its own, as another process would have it.
    pub(crate) fn store(&self, connections: u32) -> Store {
        SqliteStore::new(self.0.pool(connections))
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
    let insert = sqlx::query("INSERT INTO effects VALUES (?)").bind(key);
    insert.execute(&mut **tx).await.map(drop)
}

/// A statement that fails, and the transaction with it.
pub(crate) async fn mistake(tx: &mut Tx<'_>) -> Result<(), sqlx::Error> {
    let insert = sqlx::query("INSERT OR ROLLBACK INTO ones VALUES (1)");
    insert.execute(&mut **tx).await.map(drop)
}

/// Something that only the commit finds wrong.
pub(crate) async fn unkept_promise(tx: &mut Tx<'_>) -> Result<(), sqlx::Error> {
    let insert = sqlx::query("INSERT INTO debts VALUES (2)");
    insert.execute(&mut **tx).await.map(drop)
}
