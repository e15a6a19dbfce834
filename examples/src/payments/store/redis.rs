//! Records and payments in one Redis or Valkey server.

use std::sync::Arc;

use idempotent_runtime::RedisStore;
use redis::Client;
use redis::aio::ConnectionManagerConfig;

use super::OpenError;
use crate::payments::Url;
use crate::payments::ledger::{Ledger, LedgerError, RedisLedger};
use crate::payments::url::Prefixed;

pub(super) async fn open(url: &Url) -> Result<(RedisStore, Arc<dyn Ledger>), OpenError> {
    let Prefixed { url, prefix } = url.prefixed();
    let store = RedisStore::connect(&url)
        .await?
        .prefix(&format!("{prefix}idem:"))?;
    for warning in store.check().await? {
        eprintln!("payments: warning: {warning}");
    }
    let config = ConnectionManagerConfig::new()
        .set_connection_timeout(Some(super::REDIS_TIMEOUT))
        .set_response_timeout(Some(super::REDIS_TIMEOUT))
        // The ledger is patient by itself.
        .set_number_of_retries(2);
    let client = Client::open(url).map_err(LedgerError::from)?;
    let connection = client.get_connection_manager_with_config(config).await;
    let ledger = RedisLedger::new(connection.map_err(LedgerError::from)?, &prefix);
    Ok((store, Arc::new(ledger)))
}
