//! A pool of the store's own, with the settings that its promises rest on.

use std::str::FromStr;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection};
use tokio::time::{Instant, sleep};

use super::SqliteStore;
use super::check::Settings;
use super::failure::{failure, is_busy};
use crate::store::StoreError;
use crate::store::sql::TableName;

/// For how long a writer waits for another process's, and at the start for a
/// file that others turn to WAL at this moment.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Between two attempts to turn to WAL, which SQLite does not wait for itself.
const PAUSE: Duration = Duration::from_millis(20);
/// One connection writes, the others read.
const CONNECTIONS: u32 = 5;

impl SqliteStore {
    /// A store on a pool of its own, of at most 5 connections, on the file that
    /// `url` names: `sqlite:records.db`. The file is created if it is missing,
    /// unless the URL says `mode=rw`; its directory is not.
    ///
    /// Sets WAL, `synchronous=FULL` and a busy timeout of 5 seconds.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        let options = options(url)?;
        let tried = async {
            let mut connection = turn_to_wal(&options).await?;
            let settings = Settings::read(&mut connection).await?;
            // What matters is that it could be had.
            let _ = connection.close().await;
            Ok(settings)
        };
        tried
            .await
            .map_err(|error| failure("connect", &TableName::default(), &error))?
            .judge()?;
        let pool = SqlitePoolOptions::new()
            .max_connections(CONNECTIONS)
            .test_before_acquire(false)
            .acquire_timeout(2 * BUSY_TIMEOUT)
            .connect_lazy_with(options);
        Ok(Self::new(pool))
    }
}

fn options(url: &str) -> Result<SqliteConnectOptions, StoreError> {
    // sqlx takes any other URL for a file's name.
    if !url.starts_with("sqlite:") {
        return Err(StoreError::Misconfigured {
            what: "the URL of a SQLite store is `sqlite:` and the file's path".to_owned(),
        });
    }
    let options = SqliteConnectOptions::from_str(url)
        .map_err(|error| failure("connect", &TableName::default(), &error))?
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT);
    let (_, parameters) = url.split_once('?').unwrap_or_default();
    Ok(if parameters.contains("mode=") {
        options
    } else {
        options.create_if_missing(true)
    })
}

/// A connection to a file that is in WAL from now on: the mode stays with the
/// file, so that the pool's connections need not ask for it.
async fn turn_to_wal(options: &SqliteConnectOptions) -> Result<SqliteConnection, sqlx::Error> {
    let options = options.clone().journal_mode(SqliteJournalMode::Wal);
    let deadline = Instant::now() + BUSY_TIMEOUT;
    loop {
        match options.connect().await {
            Err(error) if is_busy(&error) && Instant::now() < deadline => sleep(PAUSE).await,
            answer => return answer,
        }
    }
}
