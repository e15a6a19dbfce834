//! The sweep: bounded, safe from many processes, and never of what is alive.

use std::time::Duration;

use idempotent_runtime::record::RecordId;
use idempotent_runtime::{PostgresStore, Store};

use tokio::time::{Instant, sleep};

use crate::database::Database;
use crate::records::{answer, claim_of, claimed, done, finish, fresh};

/// Finished records past their grace, as many as asked for, in one statement.
const PAST: &str = "INSERT INTO idempotency_records
    SELECT int8send(n) || decode(repeat('00', 24), 'hex'), 1, 1, 1, 1, 1, 2, 1, 4, 0, false,
           '\\x01', '\\x02', 'old', '', NULL, '\\x02'
    FROM generate_series(1, 5000) AS n";
const COUNT: &str = "SELECT count(*) FROM idempotency_records";

#[tokio::test(flavor = "multi_thread")]
async fn two_sweepers_delete_each_record_once_and_none_that_lives() {
    let database = Database::create().await;
    let store = database.store(4).await;
    let (finished, runs) = (fresh(), fresh());
    finish(&store, &finished, &answer("kept")).await;
    claimed(&store, &runs).await;
    database.execute(PAST).await;

    let sweepers: Vec<_> = (0..2)
        .map(|_| {
            let store = PostgresStore::new(database.pool(1));
            tokio::spawn(async move {
                let mut swept = 0;
                loop {
                    let batch = store.sweep(700).await.unwrap();
                    swept += batch;
                    if batch == 0 {
                        return swept;
                    }
                }
            })
        })
        .collect();
    // Claims go on meanwhile, also of what is being swept.
    for n in 1..=200 {
        claimed(&store, &claim_of(past(n * 25))).await;
    }
    let mut swept = 0;
    for sweeper in sweepers {
        swept += sweeper.await.unwrap();
    }
    assert!((4_800..=5_000).contains(&swept), "{swept}");
    // The two from before, and those that were claimed.
    assert_eq!(database.number(COUNT).await, 2 + 200);
    done(&store, &claim_of(finished.id)).await;
}

/// The id of the nth record of `PAST`.
fn past(n: u64) -> RecordId {
    let mut id = [0; RecordId::BYTES];
    id[..8].copy_from_slice(&n.to_be_bytes());
    RecordId::from_bytes(id)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_is_bounded_by_its_limit() {
    let database = Database::create().await;
    let store = database.store(1).await;
    database.execute(PAST).await;
    assert_eq!(store.sweep(1_234).await.unwrap(), 1_234);
    assert_eq!(database.number(COUNT).await, 5_000 - 1_234);
    assert_eq!(store.sweep(u32::MAX).await.unwrap(), 5_000 - 1_234);
    assert_eq!(store.sweep(u32::MAX).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sweep_walks_its_index_only() {
    let database = Database::create().await;
    database.migrate().await;
    database.execute(PAST).await;
    database.execute("ANALYZE idempotency_records").await;
    let scans = "SELECT coalesce(sum(seq_scan), 0)::bigint FROM pg_stat_user_tables
                 WHERE relname = 'idempotency_records'";
    let walks = "SELECT idx_scan FROM pg_stat_user_indexes
                 WHERE indexrelname = 'idempotency_records_sweep'";
    let (scans_before, walks_before) = (database.number(scans).await, database.number(walks).await);
    let pool = database.pool(1);
    let store = PostgresStore::new(pool.clone());
    for _ in 0..10 {
        assert_eq!(store.sweep(100).await.unwrap(), 100);
    }
    // A connection reports the rest of what it did when it ends.
    pool.close().await;
    let deadline = Instant::now() + Duration::from_secs(10);
    while database.number(walks).await - walks_before < 10 {
        assert!(Instant::now() < deadline, "the sweep did not use its index");
        sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(database.number(scans).await - scans_before, 0);
}
