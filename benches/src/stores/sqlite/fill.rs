//! Fills a file of its own: one record by our verbs, the others as copies of
//! its row.

use std::sync::Arc;

use idempotent_runtime::SqliteStore;
use idempotent_runtime::record::RecordId;
use sqlx::{AssertSqlSafe, Executor};

use super::File;
use crate::stores::copies::columns;
use crate::stores::growth::{Filled, SAMPLE};
use crate::stores::raw::Raw;
use crate::stores::records::{Finished, claim_and_complete, fresh};

/// A store of so many finished records.
pub async fn with(file: &File, records: u64) -> Filled {
    let store = SqliteStore::new(file.pool(2).await);
    store.migrate().await.expect("a table");
    claim_and_complete(&store, fresh()).await;
    let mut line = file.line().await;
    let names = sqlx::query_scalar("SELECT name FROM pragma_table_info('idempotency_records')");
    let names: Vec<String> = names.fetch_all(&mut line).await.expect("columns");
    let (names, values) = columns(&names, '"', "new_id");
    let copy = format!(
        "WITH RECURSIVE numbers (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < {records}), \
         copies AS MATERIALIZED (SELECT n, randomblob(32) AS new_id FROM numbers) \
         INSERT INTO idempotency_records ({names}) SELECT {values} \
         FROM copies, (SELECT * FROM idempotency_records LIMIT 1) AS r ORDER BY 1"
    );
    line.execute(AssertSqlSafe(copy)).await.expect("copies");
    for chore in ["PRAGMA wal_checkpoint(TRUNCATE)", "ANALYZE"] {
        line.execute(AssertSqlSafe(chore)).await.expect("a chore");
    }
    let mut sample = Vec::new();
    for _ in 0..SAMPLE {
        let near = "SELECT id FROM idempotency_records WHERE id >= ?1 ORDER BY id LIMIT 1";
        let id: Option<Vec<u8>> = sqlx::query_scalar(near)
            .bind(fresh().as_bytes().as_slice())
            .fetch_optional(&mut line)
            .await
            .expect("a sample");
        let id = id.and_then(|id| id.try_into().ok());
        sample.extend(id.map(RecordId::from_bytes));
    }
    Filled {
        records,
        store: Arc::new(store),
        sample: Finished::of(sample),
    }
}
