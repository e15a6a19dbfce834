//! Records and payments in one MySQL or MariaDB database, over one pool.

use std::sync::Arc;
use std::time::Duration;

use idempotent_runtime::MySqlStore;
use sqlx::mysql::MySqlPoolOptions;

use super::OpenError;
use crate::payments::Url;
use crate::payments::ledger::{CONNECTIONS, Ledger, MySqlLedger};

pub(super) async fn open(url: &Url) -> Result<(MySqlStore, Arc<dyn Ledger>), OpenError> {
    // A pool tries again and again, and says in the end that it had no
    // connection; one connection says why.
    MySqlStore::connect(url.as_str()).await?;
    let pool = MySqlPoolOptions::new()
        .max_connections(CONNECTIONS)
        // A ping before each use would double the round trips.
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(5))
        .connect_lazy(url.as_str())?;
    let store = MySqlStore::new(pool.clone());
    store.migrate().await?;
    store.check().await?;
    let ledger = MySqlLedger::open(pool).await?;
    Ok((store, Arc::new(ledger)))
}
