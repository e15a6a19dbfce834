//! A database of its own for each test.

use std::str::FromStr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use idempotent_runtime::MySqlStore;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlPool, MySqlPoolOptions};
use sqlx::{AssertSqlSafe, Connection};
use xtask::servers::{Kind, MariaDb, Scratch, Server};

/// The server that the tests share: the environment's, or one of this run,
/// which ends with this process.
fn shared_server() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    static OWN: OnceLock<(MariaDb, Scratch)> = OnceLock::new();
    URL.get_or_init(|| {
        std::env::var(Kind::MariaDb.variable()).unwrap_or_else(|_| {
            let scratch = Scratch::new().expect("a temporary directory");
            let server = MariaDb::start(&scratch.join("mysql")).expect("a private MariaDB");
            OWN.get_or_init(|| (server, scratch)).0.url()
        })
    })
}

/// A database on a server.
pub(crate) struct Database {
    pub(crate) options: MySqlConnectOptions,
    pub(crate) url: String,
}

impl Database {
    /// A new database on the shared server.
    pub(crate) async fn create() -> Self {
        Self::create_on(shared_server()).await
    }

    /// A new database on the server of `url`.
    pub(crate) async fn create_on(url: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        let mut server = MySqlConnection::connect(url).await.unwrap();
        execute_on(&mut server, &format!("CREATE DATABASE {name}")).await;
        let options = MySqlConnectOptions::from_str(url).unwrap().database(&name);
        let (base, _) = url.rsplit_once('/').unwrap();
        let url = format!("{base}/{name}");
        Self { options, url }
    }

    /// A pool of at most `size` connections.
    pub(crate) fn pool(&self, size: u32) -> MySqlPool {
        MySqlPoolOptions::new()
            .max_connections(size)
            .test_before_acquire(false)
            .connect_lazy_with(self.options.clone())
    }

    /// A pool whose connections have an isolation level.
    pub(crate) fn isolated(&self, size: u32, isolation: &str) -> MySqlPool {
        let set = format!("SET SESSION TRANSACTION ISOLATION LEVEL {isolation}");
        MySqlPoolOptions::new()
            .max_connections(size)
            .test_before_acquire(false)
            .after_connect(move |connection, _| {
                let set = AssertSqlSafe(set.clone());
                Box::pin(async move { sqlx::raw_sql(set).execute(connection).await.map(drop) })
            })
            .connect_lazy_with(self.options.clone())
    }

    /// A store whose table is there.
    pub(crate) async fn store(&self, connections: u32) -> MySqlStore {
        let store = MySqlStore::new(self.pool(connections));
        store.migrate().await.unwrap();
        store
    }

    /// Runs statements on a connection of their own.
    pub(crate) async fn execute(&self, sql: &str) {
        execute_on(&mut self.connection().await, sql).await;
    }

    /// One number from a statement on a connection of its own.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(&mut self.connection().await)
            .await
            .unwrap()
    }

    pub(crate) async fn connection(&self) -> MySqlConnection {
        MySqlConnection::connect_with(&self.options).await.unwrap()
    }
}

async fn execute_on(connection: &mut MySqlConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(connection)
        .await
        .unwrap();
}
