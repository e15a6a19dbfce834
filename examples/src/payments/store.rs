//! Where a running service keeps its keys, and with them its payments: one
//! choice for both, so that they share a database.

mod choice;
#[cfg(feature = "mysql")]
mod mysql;
mod none;
#[cfg(feature = "postgres")]
mod postgres;
mod reason;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "redis-cluster")]
mod redis_cluster;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::sync::Arc;

use idempotent_runtime::{Idempotency, IdempotencyBuilder, MemoryStore};

pub use self::choice::{StoreChoice, StoreRefused};
pub use self::none::NoStore;
pub(super) use self::reason::reason;
use super::flags::Flags;
use super::ledger::{Ledger, MemoryLedger};
use super::service::StartError;

/// A store, and the ledger beside it.
pub(super) type Opened = (IdempotencyBuilder, Arc<dyn Ledger>);

/// What a database's module fails with.
#[cfg(any(
    feature = "sqlite",
    feature = "postgres",
    feature = "mysql",
    feature = "redis"
))]
type OpenError = Box<dyn std::error::Error + Send + Sync>;

/// For how long Redis is waited for, until a command is sent again.
#[cfg(feature = "redis")]
const REDIS_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(2);

/// Opens the chosen store, with its tables up to date.
#[allow(clippy::unused_async)] // databases are waited for
pub(super) async fn open(flags: &Flags) -> Result<Opened, StartError> {
    #[cfg(any(
        feature = "sqlite",
        feature = "postgres",
        feature = "mysql",
        feature = "redis"
    ))]
    let refused = |url: &super::Url, error: OpenError| StartError::Store {
        store: url.to_string(),
        why: reason(&*error),
    };
    match &flags.store {
        StoreChoice::Memory => {
            let mut store = MemoryStore::builder();
            if let Some(records) = flags.max_records {
                store = store.max_records(records);
            }
            Ok(beside_memory(Idempotency::builder(store.build())))
        }
        StoreChoice::None => Ok(beside_memory(Idempotency::builder(NoStore::default()))),
        #[cfg(feature = "sqlite")]
        StoreChoice::Sqlite(url) => sqlite::open(url).await.map_err(|e| refused(url, e)),
        #[cfg(feature = "postgres")]
        StoreChoice::Postgres(url) => postgres::open(url).await.map_err(|e| refused(url, e)),
        #[cfg(feature = "mysql")]
        StoreChoice::MySql(url) => mysql::open(url).await.map_err(|e| refused(url, e)),
        #[cfg(feature = "redis")]
        StoreChoice::Redis(url) => redis::open(url).await.map_err(|e| refused(url, e)),
        #[cfg(feature = "redis-cluster")]
        StoreChoice::RedisCluster(url) => {
            let opened = redis_cluster::open(url).await;
            opened.map_err(|e| refused(url, e))
        }
    }
}

fn beside_memory(store: IdempotencyBuilder) -> Opened {
    (store, Arc::new(MemoryLedger::default()))
}
