//! How commands reach the servers: one interface for a node and a cluster.

use std::time::Duration;

use redis::aio::{ConnectionLike, ConnectionManager, MultiplexedConnection};
use redis::{Cmd, Pipeline, RedisResult, Value};

use super::listen::{Listener, NodeListener};
use super::script::Scripts;

/// For connections of our own making: a server that does not answer by then
/// is as good as down, and what was sent is sent again (invariant 5).
pub(super) const CONNECTED_WITHIN: Duration = Duration::from_secs(2);
pub(super) const ANSWERED_WITHIN: Duration = Duration::from_secs(2);

/// A connection that many tasks share.
pub(super) trait Link: Clone + Send + Sync + 'static {
    /// What hears of the ends of attempts.
    type Listener: Listener;
    /// Whether the servers are a cluster.
    const CLUSTER: bool;
    /// The command that tells of an attempt's end.
    const PUBLISH: &'static str;

    /// The scripts for such servers.
    fn scripts() -> &'static Scripts;

    /// Sends a command; one round trip.
    fn send(&self, command: &Cmd) -> impl Future<Output = RedisResult<Value>> + Send;

    /// Sends commands at once; the reply to each, in order.
    fn send_all(&self, commands: Vec<Cmd>) -> impl Future<Output = Vec<RedisResult<Value>>> + Send;

    /// Sends a command to one of the nodes that [`Self::sizes`] names.
    fn send_to(&self, node: &str, command: &Cmd)
    -> impl Future<Output = RedisResult<Value>> + Send;

    /// Sends commands at once to one of those nodes, whose keys they are on; the
    /// reply to each, in order.
    fn send_all_to(
        &self,
        node: &str,
        commands: Vec<Cmd>,
    ) -> impl Future<Output = Vec<RedisResult<Value>>> + Send;

    /// The nodes that have records, and how many keys each has.
    fn sizes(&self) -> impl Future<Output = RedisResult<Vec<(String, u64)>>> + Send;

    /// What `INFO` says on each server that takes writes, as its name and text.
    fn info(&self) -> impl Future<Output = RedisResult<Vec<(String, String)>>> + Send;
}

/// A connection to one node, of the caller's making.
#[derive(Clone)]
pub(super) enum Node {
    Managed(ConnectionManager),
    Plain(MultiplexedConnection),
}

impl Node {
    async fn send_pipeline(&self, pipeline: &Pipeline) -> RedisResult<Vec<Value>> {
        match self {
            Self::Managed(connection) => {
                let mut connection = connection.clone();
                connection
                    .req_packed_commands(pipeline, 0, pipeline.len())
                    .await
            }
            Self::Plain(connection) => {
                let mut connection = connection.clone();
                connection
                    .req_packed_commands(pipeline, 0, pipeline.len())
                    .await
            }
        }
    }
}

impl Link for Node {
    type Listener = NodeListener;
    const CLUSTER: bool = false;
    const PUBLISH: &'static str = "PUBLISH";

    fn scripts() -> &'static Scripts {
        &super::script::NODE
    }

    async fn send(&self, command: &Cmd) -> RedisResult<Value> {
        match self {
            Self::Managed(connection) => command.query_async(&mut connection.clone()).await,
            Self::Plain(connection) => command.query_async(&mut connection.clone()).await,
        }
    }

    async fn send_all(&self, commands: Vec<Cmd>) -> Vec<RedisResult<Value>> {
        let pipeline = pipeline(commands);
        replies(self.send_pipeline(&pipeline).await, pipeline.len())
    }

    async fn send_to(&self, _node: &str, command: &Cmd) -> RedisResult<Value> {
        self.send(command).await
    }

    async fn send_all_to(&self, _node: &str, commands: Vec<Cmd>) -> Vec<RedisResult<Value>> {
        self.send_all(commands).await
    }

    async fn sizes(&self) -> RedisResult<Vec<(String, u64)>> {
        let size = self.send(&redis::cmd("DBSIZE")).await?;
        Ok(vec![(
            "the server".to_owned(),
            redis::from_redis_value(size)?,
        )])
    }

    async fn info(&self) -> RedisResult<Vec<(String, String)>> {
        let text = self.send(&redis::cmd("INFO")).await?;
        Ok(vec![(
            "the server".to_owned(),
            redis::from_redis_value(text)?,
        )])
    }
}

pub(super) fn pipeline(commands: Vec<Cmd>) -> Pipeline {
    let mut pipeline = Pipeline::with_capacity(commands.len());
    for command in commands {
        pipeline.add_command(command);
    }
    pipeline
}

/// The reply to each of a pipeline's commands, whatever became of the others.
pub(super) fn replies(sent: RedisResult<Vec<Value>>, count: usize) -> Vec<RedisResult<Value>> {
    match sent {
        Ok(replies) => replies.into_iter().map(Value::extract_error).collect(),
        Err(error) => vec![Err(error); count],
    }
}
