//! Claims inside transactions that meet: one winner, the others are told at once,
//! and nobody meets a deadlock.

use std::sync::Arc;
use std::time::Duration;

use idempotent_runtime::MySqlStore;
use idempotent_runtime::outcome::{ClaimOutcome, Ownership};
use idempotent_runtime::record::RecordId;
use idempotent_runtime::store::transaction::{ClaimedWithin, Whose};
use idempotent_runtime::store::{Records, TransactionalStore};
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::database::Database;
use crate::records::{claim_of, fresh};
use crate::transactions::{LEVELS, attempt, base, both, effect, effects, opened, record};

const RACERS: usize = 8;
const ROUNDS: usize = 60;
/// As later versions of MariaDB have it by default.
const STRICT: &str = "REPEATABLE READ; SET SESSION innodb_snapshot_isolation = ON";

/// All of a round claim one record at the same moment, and wait for all others
/// to be told before the winner ends.
#[tokio::test(flavor = "multi_thread")]
async fn each_race_has_one_winner_and_tells_the_others_at_once() {
    let database = base().await;
    for level in LEVELS.into_iter().chain([STRICT]) {
        for has_returning in [true, false] {
            race(&database, level, has_returning).await;
        }
    }
}

async fn race(database: &Database, level: &str, has_returning: bool) {
    let ids: Arc<Vec<_>> = Arc::new((0..ROUNDS).map(|_| fresh().id).collect());
    let barrier = Arc::new(Barrier::new(RACERS));
    let before = effects(database).await;
    let mut racers = JoinSet::new();
    for _ in 0..RACERS {
        let mut store = MySqlStore::new(database.isolated(1, level));
        if !has_returning {
            store = store.without_returning();
        }
        let (ids, barrier) = (Arc::clone(&ids), Arc::clone(&barrier));
        racers.spawn(async move {
            let mut won = Vec::new();
            for (round, id) in ids.iter().enumerate() {
                let claim = claim_of(*id);
                let mut tx = store.begin().await.unwrap();
                barrier.wait().await;
                let asked = Instant::now();
                let told = store.claim_within(&mut tx, &claim, Whose::Ours).await;
                assert!(asked.elapsed() < Duration::from_secs(2), "at once");
                barrier.wait().await;
                match told.unwrap() {
                    ClaimedWithin::Outcome(ClaimOutcome::Claimed(claimed)) => {
                        won.push(round);
                        effect(&mut tx, id).await;
                        // Every other winner leaves nothing.
                        if round % 2 == 0 {
                            let recorded = record(&store, &mut tx, &claim, &claimed).await;
                            assert_eq!(recorded.unwrap(), Ownership::Held);
                            store.commit(tx).await.unwrap();
                        } else {
                            store.roll_back(tx).await.unwrap();
                        }
                    }
                    ClaimedWithin::Busy => store.roll_back(tx).await.unwrap(),
                    other => panic!("{other:?}"),
                }
            }
            won
        });
    }
    let mut won = racers.join_all().await.concat();
    won.sort_unstable();
    let each: Vec<_> = (0..ROUNDS).collect();
    assert_eq!(won, each, "one winner a round, {level}");
    let committed = effects(database).await - before;
    assert_eq!(committed, i64::try_from(ROUNDS / 2).unwrap());
}

/// Nobody waits for anybody: all keep asking until the answer is there.
#[tokio::test(flavor = "multi_thread")]
async fn no_winner_finds_its_record_taken() {
    let database = base().await;
    for level in LEVELS.into_iter().chain([STRICT]) {
        for has_returning in [true, false] {
            let before = effects(&database).await;
            let ids: Arc<Vec<_>> = Arc::new((0..ROUNDS).map(|_| fresh().id).collect());
            let mut racers = JoinSet::new();
            for _ in 0..RACERS {
                let mut store = MySqlStore::new(database.isolated(1, level));
                if !has_returning {
                    store = store.without_returning();
                }
                let ids = Arc::clone(&ids);
                racers.spawn(async move {
                    for id in &*ids {
                        while !until_done(&store, *id).await {}
                    }
                });
            }
            racers.join_all().await;
            let committed = effects(&database).await - before;
            assert_eq!(committed, i64::try_from(ROUNDS).unwrap(), "{level}");
        }
    }
}

/// One try at a record, which may win; whether it is done.
async fn until_done(store: &MySqlStore, id: RecordId) -> bool {
    let claim = claim_of(id);
    let mut tx = store.begin().await.unwrap();
    let told = store.claim_within(&mut tx, &claim, Whose::Ours).await;
    match told.unwrap() {
        ClaimedWithin::Outcome(ClaimOutcome::Claimed(claimed)) => {
            effect(&mut tx, &id).await;
            let recorded = record(store, &mut tx, &claim, &claimed).await;
            assert_eq!(recorded.unwrap(), Ownership::Held);
            store.commit(tx).await.unwrap();
            true
        }
        ClaimedWithin::Outcome(ClaimOutcome::Done(_)) => {
            store.roll_back(tx).await.unwrap();
            true
        }
        ClaimedWithin::Busy => {
            store.roll_back(tx).await.unwrap();
            false
        }
        other => panic!("{other:?}"),
    }
}

/// Open transactions lock no gap between keys: others' records are written.
#[tokio::test(flavor = "multi_thread")]
async fn open_transactions_do_not_stop_those_of_other_keys() {
    let database = base().await;
    let [store, _] = both(&database, 12);
    let held: Vec<_> = (0..4).map(|_| fresh()).collect();
    let mut open = Vec::new();
    for claim in &held {
        let (mut tx, claimed) = opened(&store, claim).await;
        effect(&mut tx, &claim.id).await;
        open.push((tx, claimed));
    }
    for _ in 0..40 {
        let claim = fresh();
        let attempt = attempt(&store, &claim);
        let attempt = tokio::time::timeout(Duration::from_secs(10), attempt);
        attempt.await.expect("it waits for nobody");
    }
    for (claim, (mut tx, claimed)) in held.iter().zip(open) {
        let recorded = record(&store, &mut tx, claim, &claimed).await;
        assert_eq!(recorded.unwrap(), Ownership::Held);
        store.commit(tx).await.unwrap();
    }
    assert_eq!(effects(&database).await, 44);
}
