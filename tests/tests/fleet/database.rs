//! Databases that two instances share: a place of its own for each test on a
//! server that all share, or on one that a test may break.

use std::fmt;
#[cfg(any(feature = "postgres", feature = "mysql", feature = "redis"))]
use std::sync::Mutex;

use idempotent_runtime::record::{RecordId, RecordView};
use idempotent_runtime::{Key, Scope, Store};
use xtask::servers::Scratch;
#[cfg(any(feature = "postgres", feature = "mysql", feature = "redis"))]
use xtask::servers::{Fleet, Kind};

use crate::{client::ACCOUNT, place};

/// Which store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Backend {
    #[cfg(feature = "postgres")]
    Postgres,
    #[cfg(feature = "mysql")]
    MySql,
    #[cfg(feature = "redis")]
    Redis,
    #[cfg(feature = "sqlite")]
    Sqlite,
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            #[cfg(feature = "postgres")]
            Self::Postgres => "postgres",
            #[cfg(feature = "mysql")]
            Self::MySql => "mysql",
            #[cfg(feature = "redis")]
            Self::Redis => "redis",
            #[cfg(feature = "sqlite")]
            Self::Sqlite => "sqlite",
        })
    }
}

/// A part of a database that nobody else has.
pub(crate) struct Database {
    backend: Backend,
    /// As `--store` takes it.
    pub(crate) store: String,
    // Removed at the end, with the file in it.
    _scratch: Option<Scratch>,
}

impl Database {
    /// On the environment's server, or one that ends with this process.
    pub(crate) async fn shared(backend: Backend) -> Self {
        match backend {
            #[cfg(feature = "postgres")]
            Backend::Postgres => Self::on(backend, &shared(Kind::Postgres)).await,
            #[cfg(feature = "mysql")]
            Backend::MySql => Self::on(backend, &shared(Kind::MariaDb)).await,
            #[cfg(feature = "redis")]
            Backend::Redis => Self::on(backend, &shared(Kind::Redis)).await,
            #[cfg(feature = "sqlite")]
            Backend::Sqlite => {
                let scratch = Scratch::new().expect("a temporary directory");
                let file = format!("sqlite:{}", scratch.join("payments").display());
                Self {
                    _scratch: Some(scratch),
                    ..Self::on(backend, &file).await
                }
            }
        }
    }

    /// On this server.
    pub(crate) async fn on(backend: Backend, server: &str) -> Self {
        Self {
            backend,
            store: place::of_its_own(server).await,
            _scratch: None,
        }
    }

    /// The record of a key, past the service.
    pub(crate) async fn inspect(&self, key: &str) -> Option<RecordView> {
        let store = self.connect().await;
        store.inspect(&id(key)).await.expect("a store that answers")
    }

    /// Deletes the done record of a key, past the service.
    #[cfg(feature = "prometheus")]
    pub(crate) async fn forget(&self, key: &str) {
        let view = self.inspect(key).await.expect("a record");
        let store = self.connect().await;
        let forgotten = store.forget(&id(key), view.fence).await;
        forgotten.expect("a store that answers");
        assert!(self.inspect(key).await.is_none());
    }

    async fn connect(&self) -> Box<dyn Store> {
        let url = self.store.as_str();
        match self.backend {
            #[cfg(feature = "postgres")]
            Backend::Postgres => {
                let store = idempotent_runtime::PostgresStore::connect(url).await;
                Box::new(store.expect("a store"))
            }
            #[cfg(feature = "mysql")]
            Backend::MySql => {
                let store = idempotent_runtime::MySqlStore::connect(url).await;
                Box::new(store.expect("a store"))
            }
            #[cfg(feature = "redis")]
            Backend::Redis => {
                let (url, prefix) = url.split_once("?prefix=").expect("a prefix");
                let store = idempotent_runtime::RedisStore::connect(url).await;
                let store = store.expect("a store").prefix(&format!("{prefix}idem:"));
                Box::new(store.expect("a prefix"))
            }
            #[cfg(feature = "sqlite")]
            Backend::Sqlite => {
                let store = idempotent_runtime::SqliteStore::connect(url).await;
                Box::new(store.expect("a store"))
            }
        }
    }
}

fn id(key: &str) -> RecordId {
    let scope = Scope::of(ACCOUNT).expect("a scope");
    let key = Key::new(key).expect("a key");
    RecordId::of(None, "payments.create", &scope, &key)
}

/// The URL of the server of a kind that tests share.
#[cfg(any(feature = "postgres", feature = "mysql", feature = "redis"))]
pub(crate) fn shared(kind: Kind) -> String {
    static OWN: Mutex<Vec<(Kind, Fleet)>> = Mutex::new(Vec::new());
    if let Ok(url) = std::env::var(kind.variable()) {
        return url;
    }
    let mut own = OWN.lock().expect("no test panics while it starts one");
    if !own.iter().any(|(other, _)| *other == kind) {
        own.push((kind, Fleet::start(&[kind]).expect("a private server")));
    }
    let urls = own.iter().flat_map(|(_, fleet)| fleet.environment());
    let mut urls = urls.filter(|(name, _)| *name == kind.variable());
    urls.next().expect("its URL").1
}
