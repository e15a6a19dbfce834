//! Records in a Redis Cluster: the same scripts, each on one key, so that the
//! records spread over all slots and none needs two nodes.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use redis::cluster::{ClusterClient, ClusterClientBuilder, ClusterConfig};
use redis::cluster_async::ClusterConnection;
use redis::cluster_routing::{MultipleNodeRoutingInfo, RoutingInfo, SingleNodeRoutingInfo};
use redis::{
    Cmd, ConnectionInfo, ErrorKind, IntoConnectionInfo, ProtocolVersion, RedisError, RedisResult,
    ServerErrorKind, Value,
};
use tokio::task::JoinSet;

use super::core::Core;
use super::failure::failure;
use super::link::{ANSWERED_WITHIN, CONNECTED_WITHIN, Link, pipeline, replies};
use super::listen::{Listener, announcing};
use super::rooms::Rooms;
use super::script::Scripts;
use super::store_of::store_of;
use crate::store::StoreError;

/// With all tries and redirections; below the engine's own patience.
const REDIRECTED_WITHIN: Duration = Duration::from_secs(4);

store_of! {
    /// A [`Store`](crate::Store) in a Redis or Valkey Cluster.
    ///
    /// ```no_run
    /// use idempotent_runtime::{Idempotency, RedisClusterStore};
    ///
    /// # async fn start() -> Result<(), Box<dyn std::error::Error>> {
    /// let nodes = ["redis://10.0.0.1", "redis://10.0.0.2", "redis://10.0.0.3"];
    /// let store = RedisClusterStore::connect(nodes).await?;
    /// for warning in store.check().await? {
    ///     eprintln!("{warning}");
    /// }
    /// let idempotency = Idempotency::new(store);
    /// # Ok(())
    /// # }
    /// ```
    RedisClusterStore over Cluster
}

impl RedisClusterStore {
    /// A store over a connection of the caller's. Waiting duplicates poll,
    /// unless [`listen`](Self::listen) is called too.
    pub fn new(connection: ClusterConnection) -> Self {
        Self {
            core: Core::new(Cluster(connection)),
        }
    }

    /// Connects by the URLs of some nodes, and refuses a cluster whose
    /// primaries would evict records.
    pub async fn connect<T: IntoConnectionInfo>(
        nodes: impl IntoIterator<Item = T>,
    ) -> Result<Self, StoreError> {
        let connect = |error: RedisError| failure("connect", &error);
        let nodes: Vec<ConnectionInfo> = nodes
            .into_iter()
            .map(IntoConnectionInfo::into_connection_info)
            .collect::<RedisResult<_>>()
            .map_err(connect)?;
        let client = builder(&nodes).build().map_err(connect)?;
        let connection = client.get_async_connection().await.map_err(connect)?;
        let store = Self::new(connection).listen(nodes)?;
        store.core.check_settings().await?;
        Ok(store)
    }

    /// Lets duplicates that wait be told, over one more connection to each
    /// node that is opened by the first of them (RESP3; Redis 7 or later).
    pub fn listen<T: IntoConnectionInfo>(
        mut self,
        nodes: impl IntoIterator<Item = T>,
    ) -> Result<Self, StoreError> {
        let nodes = nodes
            .into_iter()
            .map(IntoConnectionInfo::into_connection_info)
            .collect::<RedisResult<_>>()
            .map_err(|error| failure("connect", &error))?;
        let listener = ClusterListener {
            nodes,
            connection: OnceLock::new(),
        };
        self.core.listen(listener);
        Ok(self)
    }
}

/// A connection to all nodes.
#[derive(Clone)]
pub(super) struct Cluster(ClusterConnection);

impl Link for Cluster {
    type Listener = ClusterListener;
    const CLUSTER: bool = true;
    const PUBLISH: &'static str = "SPUBLISH";

    fn scripts() -> &'static Scripts {
        &super::script::CLUSTER
    }

    async fn send(&self, command: &Cmd) -> RedisResult<Value> {
        command.query_async(&mut self.0.clone()).await
    }

    /// A pipeline must stay within a slot. The client writes what is sent at
    /// the same time to each node's one connection, which comes to the same.
    async fn send_all(&self, commands: Vec<Cmd>) -> Vec<RedisResult<Value>> {
        let mut replies: Vec<_> = commands.iter().map(|_| Err(unanswered())).collect();
        let mut tasks = JoinSet::new();
        for (place, command) in commands.into_iter().enumerate() {
            let mut connection = self.0.clone();
            tasks.spawn(async move { (place, command.query_async(&mut connection).await) });
        }
        while let Some(ended) = tasks.join_next().await {
            if let Ok((place, reply)) = ended {
                replies[place] = reply;
            }
        }
        replies
    }

    async fn send_to(&self, node: &str, command: &Cmd) -> RedisResult<Value> {
        let node = RoutingInfo::SingleNode(by_address(node)?);
        let mut connection = self.0.clone();
        connection.route_command(command.clone(), node).await
    }

    /// One pipeline, which costs the client and the node little more than one
    /// command. It may span the node's slots, as the node is named; a key that
    /// has gone to another node meanwhile is asked for there.
    async fn send_all_to(&self, node: &str, commands: Vec<Cmd>) -> Vec<RedisResult<Value>> {
        let (count, mut connection) = (commands.len(), self.0.clone());
        let sent = async {
            let pipeline = pipeline(commands.clone());
            let node = by_address(node)?;
            connection.route_pipeline(pipeline, 0, count, node).await
        };
        let mut replies = replies(sent.await, count);
        let gone: Vec<usize> = (0..replies.len())
            .filter(|place| replies[*place].as_ref().is_err_and(is_elsewhere))
            .collect();
        let again = gone.iter().map(|place| commands[*place].clone());
        let again = self.send_all(again.collect()).await;
        for (place, reply) in gone.into_iter().zip(again) {
            replies[place] = reply;
        }
        replies
    }

    /// By node: the client would add the numbers up.
    async fn sizes(&self) -> RedisResult<Vec<(String, u64)>> {
        let primaries = RoutingInfo::MultiNode((MultipleNodeRoutingInfo::AllMasters, None));
        let mut connection = self.0.clone();
        let sizes = connection
            .route_command(redis::cmd("DBSIZE"), primaries)
            .await?;
        Ok(redis::from_redis_value(sizes)?)
    }

    async fn info(&self) -> RedisResult<Vec<(String, String)>> {
        let texts = self.send(&redis::cmd("INFO")).await?;
        let texts: Vec<(String, String)> = redis::from_redis_value(texts)?;
        Ok(texts
            .into_iter()
            .map(|(address, text)| (format!("the node {address}"), text))
            .collect())
    }
}

/// Listens on whichever node has the record's slot.
pub(super) struct ClusterListener {
    nodes: Vec<ConnectionInfo>,
    connection: OnceLock<ClusterConnection>,
}

impl ClusterListener {
    fn connection(&self, rooms: &Arc<Rooms>) -> RedisResult<ClusterConnection> {
        if let Some(connection) = self.connection.get() {
            return Ok(connection.clone());
        }
        let client = builder(&self.nodes)
            .use_protocol(ProtocolVersion::RESP3)
            .push_sender(announcing(rooms))
            .build()?;
        let config = ClusterConfig::new().set_response_timeout(ANSWERED_WITHIN);
        let connection = client.get_pending_async_connection_with_config(config);
        Ok(self.connection.get_or_init(|| connection).clone())
    }
}

impl Listener for ClusterListener {
    async fn subscribe(&self, channel: &[u8], rooms: &Arc<Rooms>) -> RedisResult<()> {
        self.connection(rooms)?.ssubscribe(channel).await
    }

    async fn unsubscribe(&self, channel: &[u8], rooms: &Arc<Rooms>) -> RedisResult<()> {
        self.connection(rooms)?.sunsubscribe(channel).await
    }
}

/// Quick to notice a fail-over, and patient enough to live through one.
fn builder(nodes: &[ConnectionInfo]) -> ClusterClientBuilder {
    ClusterClient::builder(nodes.iter().cloned())
        .connection_timeout(CONNECTED_WITHIN)
        .response_timeout(ANSWERED_WITHIN)
        .overall_response_timeout(Some(REDIRECTED_WITHIN))
        .min_retry_wait(20)
        .max_retry_wait(500)
}

/// A node by the name that `sizes` gives it.
fn by_address(node: &str) -> RedisResult<SingleNodeRoutingInfo> {
    let address = node.rsplit_once(':').and_then(|(host, port)| {
        Some(SingleNodeRoutingInfo::ByAddress {
            host: host.to_owned(),
            port: port.parse().ok()?,
        })
    });
    address.ok_or_else(unanswered)
}

/// Whether another node has the key by now.
fn is_elsewhere(error: &RedisError) -> bool {
    use ServerErrorKind::{Ask, Moved, TryAgain};
    matches!(error.kind(), ErrorKind::Server(Ask | Moved | TryAgain))
}

/// A task that panicked gave no reply.
fn unanswered() -> RedisError {
    (ErrorKind::Client, "the command was given up").into()
}
