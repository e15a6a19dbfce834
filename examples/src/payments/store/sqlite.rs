//! Records and payments in one SQLite file, over one pool.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use idempotent_runtime::SqliteStore;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous};

use super::OpenError;
use crate::payments::Url;
use crate::payments::ledger::{CONNECTIONS, Ledger, SqliteLedger};

pub(super) async fn open(url: &Url) -> Result<(SqliteStore, Arc<dyn Ledger>), OpenError> {
    // Creates the file, turns it to WAL, and says what stands against it.
    SqliteStore::connect(url.as_str()).await?;
    let options = SqliteConnectOptions::from_str(url.as_str())?
        // An answer is on the disk before its caller has it.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5));
    let pool = SqlitePoolOptions::new()
        .max_connections(CONNECTIONS)
        .test_before_acquire(false)
        .connect_lazy_with(options);
    let store = SqliteStore::new(pool.clone());
    store.migrate().await?;
    store.check().await?;
    let ledger = SqliteLedger::open(pool).await?;
    Ok((store, Arc::new(ledger)))
}
