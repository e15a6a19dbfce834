//! Records inside transactions: what was before decides, and the writers of this
//! process take turns.

use std::sync::Arc;
use std::time::Duration;

use idempotent_runtime::outcome::{ClaimOutcome, Claimed, Ownership};
use idempotent_runtime::store::transaction::{ClaimedWithin, Turn, Whose};
use idempotent_runtime::store::{Claim, Records, StoreError, TransactionalStore};
use idempotent_runtime::{SqliteStore, Store};
use sqlx::{AssertSqlSafe, SqliteTransaction};
use tokio::task::JoinSet;

use crate::file::File;
use crate::records::{answer, claim_of, claimed, done, finish, fresh};

/// A file with a table of effects, whose keys are unique.
pub(crate) async fn file() -> File {
    let file = File::new();
    file.store().await;
    file.execute("CREATE TABLE effects (key TEXT PRIMARY KEY)")
        .await;
    file
}

pub(crate) async fn effects(file: &File) -> i64 {
    file.number("SELECT count(*) FROM effects").await
}

pub(crate) async fn write(tx: &mut SqliteTransaction<'_>, sql: &str) -> Result<(), sqlx::Error> {
    let written = sqlx::query(AssertSqlSafe(sql)).execute(&mut **tx).await;
    written.map(drop)
}

/// A transaction that has claimed its record, with its turn.
pub(crate) async fn opened(
    store: &SqliteStore,
    claim: &Claim<'_>,
) -> (SqliteTransaction<'static>, Turn, Claimed) {
    let turn = store.turn().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    let claimed = within(store, &mut tx, claim, Whose::Ours).await.unwrap();
    (tx, turn, claimed)
}

pub(crate) async fn within(
    store: &SqliteStore,
    tx: &mut SqliteTransaction<'_>,
    claim: &Claim<'_>,
    whose: Whose,
) -> Result<Claimed, StoreError> {
    match store.claim_within(tx, claim, whose).await? {
        ClaimedWithin::Outcome(ClaimOutcome::Claimed(claimed)) => Ok(claimed),
        other => panic!("not claimed: {other:?}"),
    }
}

/// An attempt in a transaction, from its turn to its commit.
pub(crate) async fn attempt(store: &SqliteStore, claim: &Claim<'_>) {
    let (mut tx, turn, claimed) = opened(store, claim).await;
    let effect = format!("INSERT INTO effects VALUES ('{}')", claim.id);
    write(&mut tx, &effect).await.unwrap();
    let recorded = store
        .record_within(&mut tx, claim, claimed.fence, &answer("in one commit"))
        .await;
    assert_eq!(recorded.unwrap(), Ownership::Held);
    store.commit(tx).await.unwrap();
    drop(turn);
}

/// A record that a transaction left is as good as a completed one.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_before_decides_as_for_a_lease() {
    let file = file().await;
    let store = SqliteStore::new(file.pool(2));
    let (first, second) = (fresh(), fresh());
    let (tx, turn, begun) = opened(&store, &first).await;
    store.roll_back(tx).await.unwrap();
    drop(turn);
    assert!(store.inspect(&first.id).await.unwrap().is_none());
    attempt(&store, &first).await;
    let record = store.inspect(&first.id).await.unwrap().unwrap();
    assert!(record.fence >= begun.fence);
    assert_eq!(record.attempts, 1);
    assert_eq!(
        done(&store, &claim_of(first.id)).await.answer,
        answer("in one commit")
    );
    // An attempt with a lease holds the record against a transaction's.
    claimed(&store, &second).await;
    let turn = store.turn().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    for (id, is_done) in [(first.id, true), (second.id, false)] {
        let claim = claim_of(id);
        let told = store.claim_within(&mut tx, &claim, Whose::Ours).await;
        match told.unwrap() {
            ClaimedWithin::Outcome(ClaimOutcome::Done(_)) if is_done => {}
            ClaimedWithin::Outcome(ClaimOutcome::Running(running)) if !is_done => {
                assert!(!running.remaining.is_zero());
            }
            other => panic!("{other:?}"),
        }
    }
    drop((tx, turn));
    assert_eq!(effects(&file).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn transactions_and_the_stores_own_writer_take_turns_on_one_connection() {
    let file = file().await;
    let store = SqliteStore::new(file.pool(1));
    let mut tasks = JoinSet::new();
    for _ in 0..64 {
        let (one, other) = (store.clone(), store.clone());
        tasks.spawn(async move { attempt(&one, &fresh()).await });
        tasks.spawn(async move { finish(&other, &fresh(), &answer("with a lease")).await });
    }
    tasks.join_all().await;
    assert_eq!(effects(&file).await, 64);
    let records = "SELECT count(*) FROM idempotency_records WHERE state = 4";
    assert_eq!(file.number(records).await, 128);
}

#[tokio::test]
async fn the_turn_comes_in_order_and_ends_with_its_holder() {
    let file = file().await;
    let store = SqliteStore::new(file.pool(4));
    let (tx, turn, _) = opened(&store, &fresh()).await;
    let order = Arc::new(std::sync::Mutex::new(Vec::new()));
    let mut tasks = JoinSet::new();
    for number in 0..6 {
        let (store, order) = (store.clone(), Arc::clone(&order));
        tasks.spawn(async move {
            if number % 2 == 0 {
                attempt(&store, &fresh()).await;
            } else {
                claimed(&store, &fresh()).await;
            }
            order.lock().unwrap().push(number);
        });
        // Its own place in the queue: one worker thread runs them all.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(order.lock().unwrap().is_empty());
    // Dropped, not ended: as by a runtime that ends.
    drop((tx, turn));
    tasks.join_all().await;
    // Claims that wait together share the first one's turn.
    assert_eq!(order.lock().unwrap().len(), 6);
    assert_eq!(order.lock().unwrap()[0], 0);
    assert_eq!(effects(&file).await, 3);
}

#[tokio::test]
async fn who_waits_too_long_for_a_turn_is_told_why() {
    let file = file().await;
    let store = SqliteStore::new(file.pool(2));
    let (_tx, _turn, _) = opened(&store, &fresh()).await;
    let (transaction, claim) = (store.turn(), fresh());
    let (transaction, claim) = tokio::join!(transaction, store.claim(&claim));
    for error in [transaction.unwrap_err(), claim.unwrap_err()] {
        let why = std::error::Error::source(&error).unwrap().to_string();
        assert!(why.contains("one writer"), "{error:?}");
    }
}

/// Neither this process's nor another's.
#[tokio::test]
async fn a_replay_does_not_wait_for_a_writer() {
    let file = file().await;
    let (store, elsewhere) = (
        SqliteStore::new(file.pool(2)),
        SqliteStore::new(file.pool(1)),
    );
    let finished = fresh();
    attempt(&store, &finished).await;
    let (tx, turn, _) = opened(&store, &fresh()).await;
    for store in [&store, &elsewhere] {
        let looked = store.look(&claim_of(finished.id)).await.unwrap();
        assert!(matches!(looked, Some(ClaimOutcome::Done(_))), "{looked:?}");
        assert_eq!(store.look(&fresh()).await.unwrap(), None);
    }
    drop((tx, turn));
}
