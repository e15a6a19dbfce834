//! Eight connections race for each of a hundred records, new ones and ones
//! whose lease has run out: one winner each, and nobody meets a deadlock.

use std::sync::Arc;
use std::time::Duration;

use idempotent_runtime::outcome::ClaimOutcome;
use idempotent_runtime::record::RecordId;
use idempotent_runtime::{MySqlStore, Store};
use tokio::sync::Barrier;

use crate::database::Database;
use crate::records::{claim_of, claimed, fresh, lease};

const RACERS: usize = 8;
const KEYS: usize = 100;

/// All racers claim the same records, each at the same moment; how many became
/// the one, for each record.
async fn race(stores: &[MySqlStore], ids: Vec<RecordId>) -> Vec<usize> {
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
                    // A deadlock that was not dealt with is an error here.
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

/// Both kinds of race, with connections of an isolation level, with and
/// without `RETURNING`.
async fn race_with(isolation: &str) {
    let database = Database::create().await;
    database.store(1).await;
    for has_returning in [true, false] {
        let stores: Vec<_> = (0..RACERS)
            .map(|_| {
                let store = MySqlStore::new(database.isolated(1, isolation));
                if has_returning {
                    store
                } else {
                    store.without_returning()
                }
            })
            .collect();
        let ids = (0..KEYS).map(|_| fresh().id).collect();
        assert_eq!(race(&stores, ids).await, [1; KEYS], "of new records");

        let mut abandoned = Vec::new();
        for _ in 0..KEYS {
            let mut claim = fresh();
            claim.lease = lease(10);
            abandoned.push((claim.id, claimed(&stores[0], &claim).await.fence));
        }
        tokio::time::sleep(Duration::from_millis(12)).await;
        let ids = abandoned.iter().map(|(id, _)| *id).collect();
        assert_eq!(race(&stores, ids).await, [1; KEYS], "of takeovers");
        for (id, fence) in abandoned {
            let view = stores[0].inspect(&id).await.unwrap().unwrap();
            assert!(view.fence > fence);
            assert_eq!(view.attempts, 2);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_race_has_one_winner_under_repeatable_read() {
    race_with("REPEATABLE READ").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_race_has_one_winner_under_read_committed() {
    race_with("READ COMMITTED").await;
}
