//! Records and payments in a Redis or Valkey Cluster.

use std::sync::Arc;

use idempotent_runtime::RedisClusterStore;
use redis::cluster::ClusterClientBuilder;

use super::OpenError;
use crate::payments::Url;
use crate::payments::ledger::{Ledger, LedgerError, RedisLedger};
use crate::payments::url::Prefixed;

pub(super) async fn open(url: &Url) -> Result<(RedisClusterStore, Arc<dyn Ledger>), OpenError> {
    let Prefixed { url, prefix } = url.prefixed();
    let nodes = nodes(&url);
    let store = RedisClusterStore::connect(nodes.iter().map(String::as_str)).await?;
    let store = store.prefix(&format!("{prefix}idem:"))?;
    for warning in store.check().await? {
        eprintln!("payments: warning: {warning}");
    }
    let client = ClusterClientBuilder::new(nodes)
        .connection_timeout(super::REDIS_TIMEOUT)
        .response_timeout(super::REDIS_TIMEOUT)
        .build()
        .map_err(LedgerError::from)?;
    let connection = client.get_async_connection().await;
    let ledger = RedisLedger::new(connection.map_err(LedgerError::from)?, &prefix);
    Ok((store, Arc::new(ledger)))
}

/// A URL for each of `redis-cluster://user:password@host:port,host:port`; the
/// userinfo is all nodes'.
fn nodes(url: &str) -> Vec<String> {
    let nodes = url.strip_prefix("redis-cluster://").unwrap_or(url);
    let at = nodes.rfind('@').map_or(0, |at| at + 1);
    let (userinfo, nodes) = nodes.split_at(at);
    let nodes = nodes.trim_end_matches('/').split(',');
    nodes
        .map(|node| format!("redis://{userinfo}{}", node.trim()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::nodes;

    #[test]
    fn each_node_has_a_url_with_the_userinfo() {
        let expected = ["redis://user:secret@a:1", "redis://user:secret@b:2"];
        assert_eq!(nodes("redis-cluster://user:secret@a:1,b:2/"), expected);
        assert_eq!(nodes("redis-cluster://a:1"), ["redis://a:1"]);
    }
}
