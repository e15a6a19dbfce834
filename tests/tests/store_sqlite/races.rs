//! Eight processes' pools on one file: one winner in each race, of a new
//! record and of one whose lease has run out, and nobody is turned away.

use std::sync::Arc;
use std::time::Duration;

use idempotent_runtime::outcome::ClaimOutcome;
use idempotent_runtime::record::RecordId;
use idempotent_runtime::{SqliteStore, Store};
use tokio::sync::Barrier;

use crate::file::File;
use crate::records::{claim_of, claimed, fresh, lease};

const RACERS: usize = 8;
const KEYS: usize = 100;

/// All racers claim the same records, each at the same moment; how many became
/// the one, for each record.
async fn race(stores: &[SqliteStore], ids: Vec<RecordId>) -> Vec<usize> {
    let (start, ids) = (Arc::new(Barrier::new(stores.len())), Arc::new(ids));
    let racers: Vec<_> = stores
        .iter()
        .map(|store| {
            let (store, start, ids) = (store.clone(), Arc::clone(&start), Arc::clone(&ids));
            tokio::spawn(async move {
                let mut won = Vec::new();
                for id in &*ids {
                    let claim = claim_of(*id);
                    start.wait().await;
                    won.push(match store.claim(&claim).await.unwrap() {
                        ClaimOutcome::Claimed(_) => 1,
                        ClaimOutcome::Running(running) => {
                            assert!(!running.remaining.is_zero(), "stale: {running:?}");
                            0
                        }
                        other => panic!("neither claimed nor running: {other:?}"),
                    });
                }
                won
            })
        })
        .collect();
    let mut winners = vec![0; ids.len()];
    for racer in racers {
        for (winners, won) in winners.iter_mut().zip(racer.await.unwrap()) {
            *winners += won;
        }
    }
    winners
}

async fn stores(file: &File) -> Vec<SqliteStore> {
    file.store().await;
    (0..RACERS)
        .map(|_| SqliteStore::new(file.pool(2)))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_record_has_one_winner() {
    let file = File::new();
    let stores = stores(&file).await;
    let ids = (0..KEYS).map(|_| fresh().id).collect();
    assert_eq!(race(&stores, ids).await, [1; KEYS]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lapsed_record_has_one_heir() {
    let file = File::new();
    let stores = stores(&file).await;
    let mut abandoned = Vec::new();
    for _ in 0..KEYS {
        let mut claim = fresh();
        claim.lease = lease(10);
        abandoned.push((claim.id, claimed(&stores[0], &claim).await.fence));
    }
    tokio::time::sleep(Duration::from_millis(12)).await;
    let ids = abandoned.iter().map(|(id, _)| *id).collect();
    assert_eq!(race(&stores, ids).await, [1; KEYS]);
    for (id, fence) in abandoned {
        let view = stores[0].inspect(&id).await.unwrap().unwrap();
        assert!(view.fence > fence);
        assert_eq!(view.attempts, 2);
    }
}
