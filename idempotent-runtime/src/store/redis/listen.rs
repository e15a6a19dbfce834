//! The one connection that hears of the ends of attempts: opened by the
//! first duplicate that waits, resubscribed by the client library.

use std::sync::{Arc, OnceLock};

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, ProtocolVersion, PushInfo, PushKind, RedisResult, Value};

use super::rooms::Rooms;

/// Subscribes to the channels of records. What is heard goes to the rooms.
pub(super) trait Listener: Send + Sync + 'static {
    /// Returns when the server has confirmed.
    fn subscribe(
        &self,
        channel: &[u8],
        rooms: &Arc<Rooms>,
    ) -> impl Future<Output = RedisResult<()>> + Send;

    /// The other way round; never called before a `subscribe`.
    fn unsubscribe(
        &self,
        channel: &[u8],
        rooms: &Arc<Rooms>,
    ) -> impl Future<Output = RedisResult<()>> + Send;
}

/// Listens on one node.
pub(super) struct NodeListener {
    client: Client,
    connection: OnceLock<ConnectionManager>,
}

impl NodeListener {
    pub(super) fn new(client: &Client) -> RedisResult<Self> {
        let info = client.get_connection_info().clone();
        // Only RESP3 lets a connection subscribe and go on with commands.
        let settings = info
            .redis_settings()
            .clone()
            .set_protocol(ProtocolVersion::RESP3);
        Ok(Self {
            client: Client::open(info.set_redis_settings(settings))?,
            connection: OnceLock::new(),
        })
    }

    fn connection(&self, rooms: &Arc<Rooms>) -> RedisResult<ConnectionManager> {
        if let Some(connection) = self.connection.get() {
            return Ok(connection.clone());
        }
        let config = ConnectionManagerConfig::new()
            .set_push_sender(announcing(rooms))
            .set_automatic_resubscription();
        let connection = self.client.get_connection_manager_lazy(config)?;
        Ok(self.connection.get_or_init(|| connection).clone())
    }
}

impl Listener for NodeListener {
    async fn subscribe(&self, channel: &[u8], rooms: &Arc<Rooms>) -> RedisResult<()> {
        self.connection(rooms)?.subscribe(channel).await
    }

    async fn unsubscribe(&self, channel: &[u8], rooms: &Arc<Rooms>) -> RedisResult<()> {
        self.connection(rooms)?.unsubscribe(channel).await
    }
}

/// Wakes the room of the record whose attempt has ended.
pub(super) fn announcing(
    rooms: &Arc<Rooms>,
) -> impl Fn(PushInfo) -> Result<(), std::convert::Infallible> + Send + Sync + 'static {
    let rooms = Arc::clone(rooms);
    move |push| {
        if let (PushKind::Message | PushKind::SMessage, Some(Value::BulkString(channel))) =
            (&push.kind, push.data.first())
        {
            rooms.announce(channel);
        }
        Ok(())
    }
}
