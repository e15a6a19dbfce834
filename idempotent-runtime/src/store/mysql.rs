// The store in a MariaDB or MySQL database: the type and how it is set up. The
// statements are in `mysql/sql`; `claiming` and `verbs` bind and read
// (invariants 1 to 8).
#![doc = include_str!("../../docs/stores/mysql.md")]
#![doc = "\n## The migrations\n\nWritten for the default name.\n\n```sql"]
#![doc = include_str!("mysql/migrations/versions.sql")]
#![doc = include_str!("mysql/migrations/0001_records.sql")]
#![doc = include_str!("mysql/migrations/0002_slots.sql")]
#![doc = "```"]

mod bounds;
mod check;
mod claiming;
mod dialect;
mod failure;
mod lists;
mod migrate;
mod recording;
mod round_trip;
mod statements;
mod transaction;
mod verbs;
mod within;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::Connection;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlPool, MySqlPoolOptions};
use tokio::sync::OnceCell;

use self::bounds::Bounds;
use self::dialect::Dialect;
use self::failure::failure;
use self::statements::Statements;

use super::StoreError;
use super::sql::{Rooms, TableName};

/// For how long a verb waits for a free connection of a pool that
/// [`MySqlStore::connect`] made.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// What the URLs of such a database start with.
const SCHEMES: [&str; 2] = ["mysql://", "mariadb://"];

/// A [`Store`](super::Store) in a MariaDB or MySQL database, shared by all
/// processes that reach it.
#[derive(Clone)]
pub struct MySqlStore {
    shared: Arc<Shared>,
}

struct Shared {
    pool: MySqlPool,
    table: TableName,
    statements: Statements,
    dialect: OnceCell<Dialect>,
    rooms: Rooms,
    bounds: Bounds,
}

impl MySqlStore {
    /// A store on your pool. Nothing is sent yet: see
    /// [`migrate`](Self::migrate) and [`check`](Self::check).
    ///
    /// Make the pool with `test_before_acquire(false)`: its default is to ping
    /// the server before each use, which costs each verb a second round trip.
    pub fn new(pool: MySqlPool) -> Self {
        Self::build(pool, TableName::default(), OnceCell::new())
    }

    /// A store on a pool of its own, of at most 10 connections, for the server
    /// and database that `url` names. One connection is tried out at once.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        let table = TableName::default();
        // sqlx takes any other URL for one of a server on this host.
        if !SCHEMES.iter().any(|scheme| url.starts_with(scheme)) {
            return Err(StoreError::Misconfigured {
                what: "the URL of a MySQL store starts with mysql:// or mariadb://".to_owned(),
            });
        }
        let tried = async {
            let options = MySqlConnectOptions::from_str(url)?;
            let connection = MySqlConnection::connect_with(&options).await?;
            // What matters is that it could be had.
            let _ = connection.close().await;
            Ok(options)
        };
        let options = tried
            .await
            .map_err(|error| failure("connect", &table, &error))?;
        let pool = MySqlPoolOptions::new()
            .test_before_acquire(false)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_lazy_with(options);
        Ok(Self::new(pool))
    }

    /// Another table than `idempotency_records`, in the connection's database.
    pub fn table(self, name: &str) -> Result<Self, StoreError> {
        let table = TableName::new(name)?;
        let shared = &self.shared;
        Ok(Self::build(
            shared.pool.clone(),
            table,
            shared.dialect.clone(),
        ))
    }

    /// Speaks as to MySQL, whatever the server says that it is: a claim takes
    /// one more round trip, and no `INSERT … RETURNING`. For servers and
    /// proxies that say MariaDB and do not take all that it does.
    #[must_use]
    pub fn without_returning(self) -> Self {
        let shared = &self.shared;
        let dialect = OnceCell::new_with(Some(Dialect::MySql));
        Self::build(shared.pool.clone(), shared.table.clone(), dialect)
    }

    fn build(pool: MySqlPool, table: TableName, dialect: OnceCell<Dialect>) -> Self {
        let statements = Statements::of(&table);
        Self {
            shared: Arc::new(Shared {
                pool,
                table,
                statements,
                dialect,
                rooms: Rooms::default(),
                bounds: Bounds::default(),
            }),
        }
    }
}

/// Without the pool, whose options hold the password.
impl fmt::Debug for MySqlStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MySqlStore")
            .field("table", &self.shared.table.shown())
            .finish_non_exhaustive()
    }
}
