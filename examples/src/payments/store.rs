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

use axum::Router;
use idempotent_runtime::{Idempotency, IdempotencyBuilder, MemoryStore, Store};
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
use idempotent_runtime::{Transactional, store::TransactionalStore};

pub use self::choice::{StoreChoice, StoreRefused};
pub use self::none::NoStore;
pub(super) use self::reason::reason;
use super::flags::Flags;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
use super::flags::Mode;
use super::ledger::{Ledger, MemoryLedger};
use super::routes::{self, App};
use super::service::StartError;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
use super::transactional::{self, Exact};

/// What the handlers reach, and the routes that change something.
pub(super) type Opened = (App, Router);

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
pub(super) async fn open(
    flags: &Flags,
    tune: impl FnOnce(IdempotencyBuilder) -> IdempotencyBuilder,
) -> Result<Opened, StartError> {
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
            leased(store.build(), Arc::new(MemoryLedger::default()), tune)
        }
        StoreChoice::None => {
            let ledger = Arc::new(MemoryLedger::default());
            leased(NoStore::default(), ledger, tune)
        }
        #[cfg(feature = "sqlite")]
        StoreChoice::Sqlite(url) => {
            let (store, ledger) = sqlite::open(url).await.map_err(|e| refused(url, e))?;
            match flags.mode {
                Mode::Lease => leased(store, ledger, tune),
                Mode::Transactional => exact(store, ledger, tune, transactional::sqlite::routes),
            }
        }
        #[cfg(feature = "postgres")]
        StoreChoice::Postgres(url) => {
            let (store, ledger) = postgres::open(url).await.map_err(|e| refused(url, e))?;
            match flags.mode {
                Mode::Lease => leased(store, ledger, tune),
                Mode::Transactional => exact(store, ledger, tune, transactional::postgres::routes),
            }
        }
        #[cfg(feature = "mysql")]
        StoreChoice::MySql(url) => {
            let (store, ledger) = mysql::open(url).await.map_err(|e| refused(url, e))?;
            match flags.mode {
                Mode::Lease => leased(store, ledger, tune),
                Mode::Transactional => exact(store, ledger, tune, transactional::mysql::routes),
            }
        }
        #[cfg(feature = "redis")]
        StoreChoice::Redis(url) => {
            let (store, ledger) = redis::open(url).await.map_err(|e| refused(url, e))?;
            leased(store, ledger, tune)
        }
        #[cfg(feature = "redis-cluster")]
        StoreChoice::RedisCluster(url) => {
            let opened = redis_cluster::open(url).await;
            let (store, ledger) = opened.map_err(|e| refused(url, e))?;
            leased(store, ledger, tune)
        }
    }
}

/// Effect and answer are two commits, between which a lease guards the attempt.
fn leased(
    store: impl Store,
    ledger: Arc<dyn Ledger>,
    tune: impl FnOnce(IdempotencyBuilder) -> IdempotencyBuilder,
) -> Result<Opened, StartError> {
    let idempotency = tune(Idempotency::builder(store)).build()?;
    let app = App {
        idempotency,
        ledger,
    };
    Ok((app.clone(), routes::writes(app)))
}

/// Effect and answer are one commit: these are the routes of the store's
/// database.
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
fn exact<St: TransactionalStore>(
    store: St,
    ledger: Arc<dyn Ledger>,
    tune: impl FnOnce(IdempotencyBuilder) -> IdempotencyBuilder,
    routes: fn(Exact<St>) -> Router,
) -> Result<Opened, StartError> {
    let transactional = Transactional::tuned(store, tune)?;
    let idempotency = transactional.idempotency();
    let app = App {
        idempotency,
        ledger,
    };
    let writes = routes(Exact { transactional });
    Ok((app, writes))
}
