//! Records and payments in one PostgreSQL database, over one pool.

use std::sync::Arc;
use std::time::Duration;

use idempotent_runtime::PostgresStore;
use sqlx::postgres::PgPoolOptions;

use super::OpenError;
use crate::payments::Url;
use crate::payments::ledger::{CONNECTIONS, Ledger, PostgresLedger};

pub(super) async fn open(url: &Url) -> Result<(PostgresStore, Arc<dyn Ledger>), OpenError> {
    // A pool tries again and again, and says in the end that it had no
    // connection; one connection says why.
    PostgresStore::connect(url.as_str()).await?;
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        // A ping before each use would double the round trips.
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(5))
        .connect_lazy(url.as_str())?;
    let store = PostgresStore::new(pool.clone());
    store.migrate().await?;
    store.check().await?;
    let ledger = PostgresLedger::open(pool).await?;
    Ok((store, Arc::new(ledger)))
}
