//! Fills a table of its own: one record by our verbs, the others as copies of
//! its row.

use std::sync::Arc;

use idempotent_runtime::PostgresStore;
use idempotent_runtime::record::RecordId;
use sqlx::postgres::PgPool;
use sqlx::{AssertSqlSafe, Executor};

use crate::stores::copies::columns;
use crate::stores::growth::{Filled, SAMPLE};
use crate::stores::records::{Finished, claim_and_complete, fresh};

/// A store of so many finished records.
pub async fn with(pool: &PgPool, records: u64) -> Filled {
    let table = format!("records_{records}");
    let store = PostgresStore::new(pool.clone());
    let store = store.table(&table).expect("a name");
    store.migrate().await.expect("a table");
    let first = fresh();
    claim_and_complete(&store, first).await;
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT column_name::text FROM information_schema.columns WHERE table_name = $1",
    )
    .bind(&table)
    .fetch_all(pool)
    .await
    .expect("columns");
    let (names, values) = columns(&names, '"', "sha256(int8send(n))");
    let copy = format!(
        "INSERT INTO {table} ({names}) SELECT {values} \
         FROM {table} AS r, generate_series(2, {records}::bigint) AS n ORDER BY 1"
    );
    pool.execute(AssertSqlSafe(copy)).await.expect("copies");
    let vacuum = format!("VACUUM ANALYZE {table}");
    pool.execute(AssertSqlSafe(vacuum)).await.expect("a vacuum");
    let sample: Vec<Vec<u8>> = sqlx::query_scalar(
        "SELECT sha256(int8send(2 + floor(random() * ($1 - 1))::bigint)) \
         FROM generate_series(1, $2)",
    )
    .bind(records as i64)
    .bind(SAMPLE as i64)
    .fetch_all(pool)
    .await
    .expect("a sample");
    let ids = sample
        .into_iter()
        .map(|id| id.try_into().expect("32 bytes"));
    Filled {
        records,
        store: Arc::new(store),
        sample: Finished::of(ids.map(RecordId::from_bytes).collect()),
    }
}
