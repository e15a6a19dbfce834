//! Every promise of the store's contract, on the real server.

use idempotent_runtime::PostgresStore;
use idempotent_runtime::conformance::check;
use sqlx::postgres::PgPool;
use tests::keeps_every_promise;

use crate::database::Database;

const CONNECTIONS: u32 = 16;

/// A pool whose connections are all made: that takes longer than the leases
/// that the cases let run out.
async fn warm_pool(database: &Database) -> PgPool {
    let pool = database.pool(CONNECTIONS);
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        connections.push(pool.acquire().await.unwrap());
    }
    pool
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_keeps_every_promise() {
    let database = Database::create_alone().await;
    let store = PostgresStore::new(warm_pool(&database).await);
    store.migrate().await.unwrap();
    keeps_every_promise("postgres", store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_with_a_schema_and_capitals_keeps_every_promise() {
    let database = Database::create_alone().await;
    database.execute("CREATE SCHEMA \"App\"").await;
    let store = PostgresStore::new(warm_pool(&database).await)
        .table("App.Order")
        .unwrap()
        .without_notifications();
    store.migrate().await.unwrap();
    store.check().await.unwrap();
    check(store).await.assert_passed();
}

/// Where every transaction keeps its first snapshot, a claim that meets
/// another one fails with 40001 and is sent again.
#[tokio::test(flavor = "multi_thread")]
async fn a_pool_of_another_isolation_keeps_every_promise() {
    let database = Database::create_alone().await;
    let name = database.options.get_database().unwrap().to_owned();
    let isolation = "SET default_transaction_isolation = 'repeatable read'";
    database
        .execute(&format!("ALTER DATABASE {name} {isolation}"))
        .await;
    let store = PostgresStore::new(warm_pool(&database).await);
    store.migrate().await.unwrap();
    check(store).await.assert_passed();
}
