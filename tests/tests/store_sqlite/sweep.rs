//! The sweep: bounded, safe from many processes, and never of what is alive.

use idempotent_runtime::record::RecordId;
use idempotent_runtime::{SqliteStore, Store};

use crate::file::File;
use crate::records::{answer, claim_of, claimed, done, finish, fresh, running};

/// Finished records past their grace.
const PAST: &str = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5000)
    INSERT INTO idempotency_records
    SELECT CAST(printf('%08d', n) || printf('%024d', 0) AS BLOB), 1, 1, 1, 1, 1, 2, 1, 4, 0, 0,
           x'01', x'02', 'old', '', NULL, x'02'
    FROM n";
const COUNT: &str = "SELECT count(*) FROM idempotency_records";

/// The id of the nth of them.
fn past(n: usize) -> RecordId {
    let id = format!("{n:08}{:024}", 0);
    RecordId::from_bytes(id.as_bytes().try_into().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_sweepers_delete_each_record_once_and_none_that_lives() {
    let file = File::new();
    let store = file.store().await;
    let (finished, runs) = (fresh(), fresh());
    finish(&store, &finished, &answer("kept")).await;
    claimed(&store, &runs).await;
    file.execute(PAST).await;
    let sweepers: Vec<_> = (0..2)
        .map(|_| {
            let store = SqliteStore::new(file.pool(1));
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
    assert_eq!(file.number(COUNT).await, 2 + 200);
    done(&store, &claim_of(finished.id)).await;
    running(&store, &claim_of(runs.id)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_is_bounded_by_its_limit() {
    let file = File::new();
    let store = file.store().await;
    file.execute(PAST).await;
    assert_eq!(store.sweep(1_234).await.unwrap(), 1_234);
    assert_eq!(file.number(COUNT).await, 5_000 - 1_234);
    assert_eq!(store.sweep(u32::MAX).await.unwrap(), 5_000 - 1_234);
    assert_eq!(store.sweep(u32::MAX).await.unwrap(), 0);
}
