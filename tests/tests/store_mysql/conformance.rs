//! Every promise of the store's contract, on the real server.

use idempotent_runtime::MySqlStore;
use idempotent_runtime::conformance::check;
use tests::keeps_every_promise;

use crate::database::Database;

#[tokio::test(flavor = "multi_thread")]
async fn the_store_keeps_every_promise() {
    let database = Database::create().await;
    let store = database.store(16).await;
    store.check().await.unwrap();
    keeps_every_promise("mysql", store).await;
}

/// The statements for MySQL, which MariaDB takes as well.
#[tokio::test(flavor = "multi_thread")]
async fn the_statements_for_mysql_keep_every_promise() {
    let database = Database::create().await;
    let store = MySqlStore::new(database.pool(16))
        .without_returning()
        .table("Order")
        .unwrap();
    store.migrate().await.unwrap();
    store.check().await.unwrap();
    check(store).await.assert_passed();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_of_another_isolation_keeps_every_promise() {
    for isolation in ["READ COMMITTED", "SERIALIZABLE"] {
        let database = Database::create().await;
        let store = MySqlStore::new(database.isolated(16, isolation));
        store.migrate().await.unwrap();
        check(store).await.assert_passed();
    }
}
