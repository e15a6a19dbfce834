//! The service over SQLite.

#[path = "service.rs"]
mod service;

use axum::Router;
use idempotent_runtime::SqliteStore;

use crate::store::Stopping;

type Store = Stopping<SqliteStore>;
type Tx<'c> = crate::transaction::Stopping<sqlx::SqliteTransaction<'c>>;

pub(crate) async fn router(url: &str) -> Router {
    let store = SqliteStore::connect(url).await.expect("a database");
    store.migrate().await.expect("its tables");
    let pool = sqlx::SqlitePool::connect(url).await.expect("a database");
    let tables = sqlx::raw_sql(service::TABLES).execute(&pool).await;
    tables.expect("its tables");
    service::router(Stopping(store))
}
