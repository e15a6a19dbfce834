//! A database of its own for each test, so that its counters count only it.

use std::str::FromStr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use idempotent_runtime::PostgresStore;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection};
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};
use xtask::servers::{Kind, Postgres, Scratch, Server};

/// The server that the tests share: the environment's, or one of this run,
/// which ends with this process.
fn shared_server() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    static OWN: OnceLock<(Postgres, Scratch)> = OnceLock::new();
    URL.get_or_init(|| {
        std::env::var(Kind::Postgres.variable()).unwrap_or_else(|_| {
            let scratch = Scratch::new().expect("a temporary directory");
            let server = Postgres::start(&scratch.join("postgres")).expect("a private PostgreSQL");
            OWN.get_or_init(|| (server, scratch)).0.url()
        })
    })
}

/// Held by each test, and by those alone that judge how soon something is done.
static TURN: RwLock<()> = RwLock::const_new(());

enum Turn {
    Together(#[expect(dead_code)] RwLockReadGuard<'static, ()>),
    Alone(#[expect(dead_code)] RwLockWriteGuard<'static, ()>),
}

/// A database on a server.
pub(crate) struct Database {
    _turn: Turn,
    pub(crate) options: PgConnectOptions,
    pub(crate) url: String,
}

impl Database {
    /// A new database on the shared server.
    pub(crate) async fn create() -> Self {
        Self::create_on(shared_server()).await
    }

    /// A new database on the shared server, for a test that runs alone.
    pub(crate) async fn create_alone() -> Self {
        let turn = Turn::Alone(TURN.write().await);
        Self::create_in(turn, shared_server()).await
    }

    /// A new database on the server of `url`.
    pub(crate) async fn create_on(url: &str) -> Self {
        let turn = Turn::Together(TURN.read().await);
        Self::create_in(turn, url).await
    }

    async fn create_in(turn: Turn, url: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        let mut server = PgConnection::connect(url).await.unwrap();
        execute_on(&mut server, &format!("CREATE DATABASE {name}")).await;
        let options = PgConnectOptions::from_str(url).unwrap().database(&name);
        let (base, _) = url.rsplit_once('/').unwrap();
        let url = format!("{base}/{name}");
        Self {
            _turn: turn,
            options,
            url,
        }
    }

    /// A pool of at most `size` connections.
    pub(crate) fn pool(&self, size: u32) -> PgPool {
        PgPoolOptions::new()
            .max_connections(size)
            .test_before_acquire(false)
            .connect_lazy_with(self.options.clone())
    }

    /// A store whose table is there.
    pub(crate) async fn store(&self, connections: u32) -> PostgresStore {
        self.migrate().await;
        PostgresStore::new(self.pool(connections))
    }

    /// Makes the table, by a connection that has ended then: a server counts
    /// what a connection did as late as that.
    pub(crate) async fn migrate(&self) {
        let pool = self.pool(1);
        PostgresStore::new(pool.clone()).migrate().await.unwrap();
        pool.close().await;
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

    pub(crate) async fn connection(&self) -> PgConnection {
        PgConnection::connect_with(&self.options).await.unwrap()
    }
}

async fn execute_on(connection: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(connection)
        .await
        .unwrap();
}
