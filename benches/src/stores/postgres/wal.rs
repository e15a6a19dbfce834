//! How much a replay adds to the write-ahead log.

use idempotent_runtime::Store;
use sqlx::postgres::PgPool;
use sqlx::{AssertSqlSafe, Executor};

use crate::stores::race::Aim;
use crate::stores::records::{Finished, replay};
use crate::stores::report::Report;

const REPLAYS: u64 = 1_000;
/// The server writes a little by itself now and then: the least of some
/// batches is the replays' own.
const BATCHES: usize = 5;

/// Measures, prints, and judges it.
pub async fn of_replays(
    report: &mut Report,
    pool: &PgPool,
    store: &dyn Store,
    finished: &Finished,
) {
    // What the claims left to be written.
    for chore in ["VACUUM idempotency_records", "CHECKPOINT"] {
        pool.execute(AssertSqlSafe(chore)).await.expect("a chore");
    }
    let mut least = u64::MAX;
    for _ in 0..BATCHES {
        let before = written(pool).await;
        for _ in 0..REPLAYS {
            replay(store, finished.next()).await;
        }
        least = least.min(written(pool).await - before);
    }
    let each = least as f64 / REPLAYS as f64;
    let verdict = report.judge("PostgreSQL: WAL bytes a replay", each, Aim::AtMost(0.0));
    println!("PostgreSQL: {each} bytes of WAL for each of {REPLAYS} replays ({verdict})\n");
}

async fn written(pool: &PgPool) -> u64 {
    let bytes: i64 = sqlx::query_scalar("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint")
        .fetch_one(pool)
        .await
        .expect("a position");
    bytes as u64
}
