//! The service over PostgreSQL.

#[path = "service.rs"]
mod service;

use axum::Router;
use idempotent_runtime::PostgresStore;

use crate::store::Stopping;

type Store = Stopping<PostgresStore>;
type Tx<'c> = crate::transaction::Stopping<sqlx::PgTransaction<'c>>;

pub(crate) async fn router(url: &str) -> Router {
    let store = PostgresStore::connect(url).await.expect("a database");
    store.migrate().await.expect("its tables");
    let pool = sqlx::PgPool::connect(url).await.expect("a database");
    let tables = sqlx::raw_sql(service::TABLES).execute(&pool).await;
    tables.expect("its tables");
    service::router(Stopping(store))
}
