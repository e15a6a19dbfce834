// The store on PostgreSQL: the type and how it is set up. Each verb is one
// statement, in `postgres/sql`; `verbs` binds and reads (invariants 1 to 8).
#![doc = include_str!("../../docs/stores/postgres.md")]
#![doc = "\n## The migrations\n\nWritten for the default name.\n\n```sql"]
#![doc = include_str!("postgres/migrations/versions.sql")]
#![doc = include_str!("postgres/migrations/0001_records.sql")]
#![doc = include_str!("postgres/migrations/0002_running.sql")]
#![doc = "```"]

mod check;
mod claiming;
mod courier;
mod failure;
mod listener;
mod lists;
mod looker;
mod migrate;
mod round_trip;
mod statements;
mod transaction;
mod verbs;
mod waiting;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};

use self::courier::Courier;
use self::failure::failure;
use self::statements::Statements;
use self::waiting::Waiting;

use super::StoreError;
use super::sql::TableName;

/// For how long a verb waits for a free connection of a pool that
/// [`PostgresStore::connect`] made.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// What a URL starts with.
const SCHEMES: [&str; 2] = ["postgres://", "postgresql://"];
/// The channel that all tables of a database share: the ids are digests.
const CHANNEL: &str = "idempotent_ended";

/// A [`Store`](super::Store) in a PostgreSQL database, shared by all processes
/// that reach it.
#[derive(Clone)]
pub struct PostgresStore {
    shared: Arc<Shared>,
}

struct Shared {
    pool: PgPool,
    table: TableName,
    statements: Statements,
    notifications: Notifications,
    waiting: Arc<Waiting>,
    courier: Arc<Courier>,
}

/// Whether this process listens and notifies.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Notifications {
    On,
    Off,
}

impl PostgresStore {
    /// A store on your pool. Nothing is sent yet: see
    /// [`migrate`](Self::migrate) and [`check`](Self::check).
    ///
    /// Make the pool with `test_before_acquire(false)`: its default is to ping
    /// the server before each use, which costs each verb a second round trip.
    pub fn new(pool: PgPool) -> Self {
        Self::build(pool, TableName::default(), Notifications::On)
    }

    /// A store on a pool of its own, of at most 10 connections, for the server
    /// that `url` names. One connection is tried out at once.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        let table = TableName::default();
        if !SCHEMES.iter().any(|scheme| url.starts_with(scheme)) {
            return Err(StoreError::Misconfigured {
                what: "the URL is none of PostgreSQL; it starts with postgres://".to_owned(),
            });
        }
        let tried = async {
            let options = PgConnectOptions::from_str(url)?;
            let connection = PgConnection::connect_with(&options).await?;
            // What matters is that it could be had.
            let _ = connection.close().await;
            Ok(options)
        };
        let options = tried
            .await
            .map_err(|error| failure("connect", &table, &error))?;
        let pool = PgPoolOptions::new()
            .test_before_acquire(false)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_lazy_with(options);
        Ok(Self::new(pool))
    }

    /// Another table than `idempotency_records`, with or without its schema:
    /// `app.answers`. The name is always quoted, so that its case matters.
    pub fn table(self, name: &str) -> Result<Self, StoreError> {
        let table = TableName::qualified(name)?;
        let shared = &self.shared;
        Ok(Self::build(
            shared.pool.clone(),
            table,
            shared.notifications,
        ))
    }

    /// Neither listens nor notifies: waiting duplicates poll. For a pooler that
    /// gives each transaction another connection, where `LISTEN` has no meaning.
    #[must_use]
    pub fn without_notifications(self) -> Self {
        let shared = &self.shared;
        Self::build(
            shared.pool.clone(),
            shared.table.clone(),
            Notifications::Off,
        )
    }

    fn build(pool: PgPool, table: TableName, notifications: Notifications) -> Self {
        let statements = Statements::of(&table);
        Self {
            shared: Arc::new(Shared {
                pool,
                table,
                statements,
                notifications,
                waiting: Arc::default(),
                courier: Arc::default(),
            }),
        }
    }
}

/// Without the pool, whose options hold the password.
impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore")
            .field("table", &self.shared.table.shown())
            .finish_non_exhaustive()
    }
}
