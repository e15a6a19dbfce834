//! Every promise of the store's contract, on a real server. Some records of
//! the suite live for a tenth of a second, which a busy disk may take for one
//! sync: these servers keep no file. `restart.rs` is about the file.

use idempotent_runtime::RedisStore;
use idempotent_runtime::conformance::check;
use redis::Client;
use tests::keeps_every_promise;

use crate::server::{Private, QUIET};

async fn server_without_file() -> Private {
    let server = Private::launch();
    let () = server.raw().await.call("CONFIG SET appendonly no").await;
    server
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_keeps_every_promise() {
    let _quiet = QUIET.write().await;
    let server = server_without_file().await;
    keeps_every_promise("redis", server.store().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_only_polls_keeps_every_promise() {
    let _quiet = QUIET.write().await;
    let server = server_without_file().await;
    let client = Client::open(server.url()).unwrap();
    let connection = client.get_multiplexed_async_connection().await.unwrap();
    let store = RedisStore::new(connection).prefix("only:polls:").unwrap();
    check(store).await.assert_passed();
}
