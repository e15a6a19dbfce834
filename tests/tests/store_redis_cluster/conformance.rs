//! Every promise of the store's contract, on a real cluster. Some records of
//! the suite live for a tenth of a second, which a busy disk may take for one
//! sync: these nodes keep no file.

use std::time::Duration;

use idempotent_runtime::RedisClusterStore;
use idempotent_runtime::conformance::check;
use redis::cluster::ClusterClient;
use tests::keeps_every_promise;
use xtask::servers::Server;

use crate::cluster::{Private, QUIET, call};

#[tokio::test(flavor = "multi_thread")]
async fn the_store_keeps_every_promise() {
    let _quiet = QUIET.write().await;
    let mut private = Private::launch(Duration::from_secs(5));
    for node in private.cluster.nodes() {
        let () = call(&node.url(), "CONFIG SET appendonly no").await;
    }
    keeps_every_promise("redis-cluster", private.store().await).await;

    let client = ClusterClient::new(private.cluster.url().split(',').map(str::to_owned)).unwrap();
    let connection = client.get_async_connection().await.unwrap();
    let store = RedisClusterStore::new(connection).prefix("only:polls:");
    check(store.unwrap()).await.assert_passed();
}
