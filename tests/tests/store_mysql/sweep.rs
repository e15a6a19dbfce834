//! The sweep: bounded, safe from many processes, and never of what is alive.

use idempotent_runtime::record::RecordId;
use idempotent_runtime::{MySqlStore, Store};

use crate::database::Database;
use crate::records::{answer, claim_of, claimed, done, finish, fresh, running};

/// Finished records past their grace.
const PAST: &str = "INSERT INTO idempotency_records
    SELECT CAST(LPAD(seq, 32, '0') AS BINARY), 1, 1, 1, 1, 1, 2, 1, 4, 0, 0, 0,
           REPEAT('a', 16), REPEAT('b', 33), 'old', '', NULL, 'c'
    FROM seq_1_to_5000";
const COUNT: &str = "SELECT count(*) FROM idempotency_records";

/// The id of the nth of them.
fn past(n: usize) -> RecordId {
    RecordId::from_bytes(format!("{n:032}").as_bytes().try_into().unwrap())
}

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
            let store = MySqlStore::new(database.pool(1));
            tokio::spawn(async move {
                let mut swept = 0;
                while store.inspect(&past(0)).await.unwrap().is_none() {
                    let batch = store.sweep(700).await.unwrap();
                    swept += batch;
                    if batch == 0 {
                        break;
                    }
                }
                swept
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
    // One of the two may have found nothing left of its last batch.
    swept += store.sweep(u32::MAX).await.unwrap();
    assert!((4_800..=5_000).contains(&swept), "{swept}");
    assert_eq!(database.number(COUNT).await, 2 + 200);
    done(&store, &claim_of(finished.id)).await;
    running(&store, &claim_of(runs.id)).await;
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
