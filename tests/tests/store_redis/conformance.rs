//! Every promise of the store's contract, on the real server.

use idempotent_runtime::RedisStore;
use idempotent_runtime::conformance::check;
use redis::Client;

use crate::server::{QUIET, prefix, shared, store};

#[tokio::test(flavor = "multi_thread")]
async fn the_store_keeps_every_promise() {
    let _quiet = QUIET.write().await;
    check(store().await).await.assert_passed();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_only_polls_keeps_every_promise() {
    let _quiet = QUIET.write().await;
    let client = Client::open(shared()).unwrap();
    let connection = client.get_multiplexed_async_connection().await.unwrap();
    let store = RedisStore::new(connection).prefix(&prefix()).unwrap();
    check(store).await.assert_passed();
}
