//! The service over MySQL or MariaDB.

#[path = "service.rs"]
mod service;

use axum::Router;
use idempotent_runtime::MySqlStore;

use crate::store::Stopping;

type Store = Stopping<MySqlStore>;
type Tx<'c> = crate::transaction::Stopping<sqlx::MySqlTransaction<'c>>;

pub(crate) async fn router(url: &str) -> Router {
    let store = MySqlStore::connect(url).await.expect("a database");
    store.migrate().await.expect("its tables");
    let pool = sqlx::MySqlPool::connect(url).await.expect("a database");
    let tables = sqlx::raw_sql(service::TABLES).execute(&pool).await;
    tables.expect("its tables");
    service::router(Stopping(store))
}
