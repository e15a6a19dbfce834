//! Every promise of the store's contract.

use idempotent_runtime::SqliteStore;
use idempotent_runtime::conformance::check;
use sqlx::sqlite::SqlitePoolOptions;
use tests::keeps_every_promise;

use crate::file::File;

#[tokio::test(flavor = "multi_thread")]
async fn the_store_keeps_every_promise() {
    let file = File::new();
    let store = SqliteStore::connect(&file.url()).await.unwrap();
    store.migrate().await.unwrap();
    store.check().await.unwrap();
    keeps_every_promise("sqlite", store).await;
}

/// Reads and writes take turns; the other name has capitals and is quoted.
#[tokio::test(flavor = "multi_thread")]
async fn a_pool_of_one_connection_keeps_every_promise() {
    let file = File::new();
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_lazy_with(file.options());
    let store = SqliteStore::new(pool).table("Order").unwrap();
    store.migrate().await.unwrap();
    store.check().await.unwrap();
    check(store).await.assert_passed();
}
