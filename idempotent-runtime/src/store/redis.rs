#![doc = include_str!("../../docs/stores/redis.md")]

mod check;
#[cfg(feature = "redis-cluster")]
mod cluster;
mod core;
mod failure;
mod figures;
mod link;
mod listen;
mod lists;
mod packed;
mod prefix;
mod reply;
mod rooms;
mod scan;
mod script;
mod store_of;
mod verbs;
mod waiting;
mod warning;

use redis::aio::{ConnectionManager, ConnectionManagerConfig, MultiplexedConnection};
use redis::{Client, RedisError};

#[cfg(feature = "redis-cluster")]
pub use self::cluster::RedisClusterStore;
pub use self::warning::RedisWarning;

use self::core::Core;
use self::failure::failure;
use self::link::{ANSWERED_WITHIN, CONNECTED_WITHIN, Node};
use self::listen::NodeListener;
use self::store_of::store_of;
use super::{Capabilities, StoreError};

/// Redis ends a record itself, so there is nothing to sweep.
const CAPABILITIES: Capabilities = Capabilities {
    sweep: false,
    operator: true,
    quota: false,
    grace: true,
    steps: true,
    lists: true,
};

store_of! {
    /// A [`Store`](crate::Store) in one Redis or Valkey server.
    ///
    /// ```no_run
    /// use idempotent_runtime::{Idempotency, RedisStore};
    ///
    /// # async fn start() -> Result<(), Box<dyn std::error::Error>> {
    /// let store = RedisStore::connect("redis://127.0.0.1/").await?;
    /// for warning in store.check().await? {
    ///     eprintln!("{warning}");
    /// }
    /// let idempotency = Idempotency::new(store);
    /// # Ok(())
    /// # }
    /// ```
    RedisStore over Node
}

impl RedisStore {
    /// A store over a connection of the caller's: a `ConnectionManager`,
    /// which reconnects, or a `MultiplexedConnection`. Waiting duplicates
    /// poll, unless [`listen`](Self::listen) is called too.
    pub fn new(connection: impl Into<RedisConnection>) -> Self {
        Self {
            core: Core::new(connection.into().0),
        }
    }

    /// Connects by a URL, and refuses a server that would evict records.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        let connect = |error: RedisError| failure("connect", &error);
        let client = Client::open(url).map_err(connect)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(CONNECTED_WITHIN))
            .set_response_timeout(Some(ANSWERED_WITHIN))
            // The engine asks again by itself, and its callers do.
            .set_number_of_retries(2)
            .set_pipeline_buffer_size(1_024);
        let connection = client.get_connection_manager_with_config(config).await;
        let store = Self::new(connection.map_err(connect)?).listen(&client)?;
        store.core.check_settings().await?;
        Ok(store)
    }

    /// Lets duplicates that wait be told, over one more connection by
    /// `client` that is opened by the first of them (RESP3; Redis 6 or later).
    pub fn listen(mut self, client: &Client) -> Result<Self, StoreError> {
        let listener = NodeListener::new(client).map_err(|error| failure("connect", &error))?;
        self.core.listen(listener);
        Ok(self)
    }
}

/// A connection that [`RedisStore::new`] takes.
#[derive(Clone)]
pub struct RedisConnection(Node);

impl From<ConnectionManager> for RedisConnection {
    fn from(connection: ConnectionManager) -> Self {
        Self(Node::Managed(connection))
    }
}

impl From<MultiplexedConnection> for RedisConnection {
    fn from(connection: MultiplexedConnection) -> Self {
        Self(Node::Plain(connection))
    }
}

impl std::fmt::Debug for RedisConnection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RedisConnection")
    }
}
