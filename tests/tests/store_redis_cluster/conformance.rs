//! Every promise of the store's contract, on the real cluster.

use idempotent_runtime::RedisClusterStore;
use idempotent_runtime::conformance::check;
use redis::cluster::ClusterClient;

use crate::cluster::{QUIET, prefix, shared, store};

#[tokio::test(flavor = "multi_thread")]
async fn the_store_keeps_every_promise() {
    let _quiet = QUIET.write().await;
    check(store().await).await.assert_passed();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_only_polls_keeps_every_promise() {
    let _quiet = QUIET.write().await;
    let client = ClusterClient::new(shared().split(',')).unwrap();
    let connection = client.get_async_connection().await.unwrap();
    let store = RedisClusterStore::new(connection)
        .prefix(&prefix())
        .unwrap();
    check(store).await.assert_passed();
}
