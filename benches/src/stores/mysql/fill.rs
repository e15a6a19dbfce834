//! Fills a table of its own: one record by our verbs, the others as copies of
//! its row. By MariaDB's engine of sequences, which MySQL lacks.

use std::sync::Arc;

use idempotent_runtime::MySqlStore;
use idempotent_runtime::record::RecordId;
use sqlx::mysql::MySqlPool;
use sqlx::{AssertSqlSafe, Executor};

use crate::stores::copies::columns;
use crate::stores::growth::{Filled, SAMPLE};
use crate::stores::records::{Finished, claim_and_complete, fresh};

/// A store of so many finished records.
pub async fn with(pool: &MySqlPool, records: u64) -> Filled {
    let table = format!("records_{records}");
    let store = MySqlStore::new(pool.clone());
    let store = store.table(&table).expect("a name");
    store.migrate().await.expect("a table");
    let first = fresh();
    claim_and_complete(&store, first).await;
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT CAST(column_name AS CHAR) FROM information_schema.columns \
         WHERE table_schema = DATABASE() AND table_name = ?",
    )
    .bind(&table)
    .fetch_all(pool)
    .await
    .expect("columns");
    let (names, values) = columns(&names, '`', "unhex(sha2(n, 256))");
    let copy = format!(
        "INSERT INTO {table} ({names}) SELECT {values} \
         FROM {table} AS r, (SELECT seq AS n FROM seq_2_to_{records}) AS numbers ORDER BY 1"
    );
    pool.execute(AssertSqlSafe(copy)).await.expect("copies");
    let analyze = format!("ANALYZE TABLE {table}");
    pool.execute(AssertSqlSafe(analyze))
        .await
        .expect("statistics");
    let sample: Vec<Vec<u8>> = sqlx::query_scalar(AssertSqlSafe(format!(
        "SELECT unhex(sha2(2 + floor(rand() * ({records} - 1)), 256)) FROM seq_1_to_{SAMPLE}"
    )))
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
