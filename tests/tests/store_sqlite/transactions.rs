//! Records inside transactions: turns among this process's writers, the file's
//! lock among processes, and transactions that SQLite ends by itself.

use std::sync::Arc;
use std::time::Duration;

use idempotent_runtime::outcome::{ClaimOutcome, Claimed, Completion, Ownership, Winner};
use idempotent_runtime::store::transaction::{ClaimedWithin, Turn, Whose};
use idempotent_runtime::store::{Claim, Records, StoreError, TransactionalStore};
use idempotent_runtime::{SqliteStore, Store};
use sqlx::sqlite::SqlitePoolOptions;
use sqlx::{AssertSqlSafe, SqliteTransaction};
use tokio::task::JoinSet;

use crate::file::File;
use crate::records::{answer, claim_of, claimed, done, finish, fresh};

/// A file with a table of effects, whose keys are unique.
async fn file() -> File {
    let file = File::new();
    file.store().await;
    file.execute("CREATE TABLE effects (key TEXT PRIMARY KEY)")
        .await;
    file
}

async fn effects(file: &File) -> i64 {
    file.number("SELECT count(*) FROM effects").await
}

async fn write(tx: &mut SqliteTransaction<'_>, sql: &str) -> Result<(), sqlx::Error> {
    let written = sqlx::query(AssertSqlSafe(sql)).execute(&mut **tx).await;
    written.map(drop)
}

/// A transaction that has claimed its record, with its turn.
async fn opened(
    store: &SqliteStore,
    claim: &Claim<'_>,
) -> (SqliteTransaction<'static>, Turn, Claimed) {
    let turn = store.turn().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    let claimed = within(store, &mut tx, claim, Whose::Ours).await.unwrap();
    (tx, turn, claimed)
}

async fn within(
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
async fn attempt(store: &SqliteStore, claim: &Claim<'_>) {
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

#[tokio::test(flavor = "multi_thread")]
async fn another_process_waits_for_the_files_lock_and_then_replays() {
    let file = file().await;
    let (here, elsewhere) = (
        SqliteStore::new(file.pool(2)),
        SqliteStore::new(file.pool(2)),
    );
    let claim = fresh();
    let (mut tx, turn, claimed) = opened(&here, &claim).await;
    let duplicate = claim_of(claim.id);
    let waiting = tokio::spawn(async move {
        let mut tx = elsewhere.begin().await.unwrap();
        elsewhere
            .claim_within(&mut tx, &duplicate, Whose::Ours)
            .await
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!waiting.is_finished());
    here.record_within(&mut tx, &claim, claimed.fence, &answer("first"))
        .await
        .unwrap();
    here.commit(tx).await.unwrap();
    drop(turn);
    match waiting.await.unwrap().unwrap() {
        ClaimedWithin::Outcome(ClaimOutcome::Done(done)) => {
            assert_eq!(done.answer, answer("first"));
        }
        other => panic!("{other:?}"),
    }
}

/// Busy is no duplicate: whatever the key, it says to try again.
#[tokio::test(flavor = "multi_thread")]
async fn a_lock_that_is_held_elsewhere_for_too_long_is_a_conflict() {
    let file = file().await;
    let here = SqliteStore::new(file.pool(1));
    let options = file.options().busy_timeout(Duration::from_millis(100));
    let elsewhere = SqliteStore::new(SqlitePoolOptions::new().connect_lazy_with(options.clone()));
    let (tx, turn, _) = opened(&here, &fresh()).await;
    let error = elsewhere.begin().await.unwrap_err();
    assert!(
        matches!(error, StoreError::Conflict { verb: "begin" }),
        "{error:?}"
    );
    // A caller's transaction that has no lock yet.
    let pool = SqlitePoolOptions::new().connect_lazy_with(options);
    let mut callers = pool.begin().await.unwrap();
    let error = within(&elsewhere, &mut callers, &fresh(), Whose::Callers)
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::Conflict { .. }), "{error:?}");
    drop((tx, turn, callers));
}

/// `BEGIN` alone takes no lock: the claim does.
#[tokio::test(flavor = "multi_thread")]
async fn a_callers_deferred_transaction_has_the_lock_from_its_claim_on() {
    let file = file().await;
    let store = SqliteStore::new(file.pool(2));
    let pool = file.pool(2);
    let claim = fresh();
    let mut tx = pool.begin().await.unwrap();
    let claimed = within(&store, &mut tx, &claim, Whose::Callers)
        .await
        .unwrap();
    let options = file.options().busy_timeout(Duration::from_millis(50));
    let other = SqlitePoolOptions::new().connect_lazy_with(options);
    assert!(other.begin_with("BEGIN IMMEDIATE").await.is_err());
    store
        .record_within(&mut tx, &claim, claimed.fence, &answer("the caller's"))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        done(&store, &claim_of(claim.id)).await.answer,
        answer("the caller's")
    );
    // One that read before others wrote is behind them, and is told at once.
    let mut stale = pool.begin().await.unwrap();
    sqlx::query("SELECT * FROM effects")
        .fetch_all(&mut *stale)
        .await
        .unwrap();
    attempt(&store, &fresh()).await;
    let error = within(&store, &mut stale, &fresh(), Whose::Callers)
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::Conflict { .. }), "{error:?}");
}

/// The claim was committed before: the fenced commit.
#[tokio::test]
async fn a_completion_inside_a_transaction_is_conditional_on_the_fence() {
    let file = file().await;
    let store = SqliteStore::new(file.pool(2));
    let claim = fresh();
    let fence = claimed(&store, &claim).await.fence;
    let stale = idempotent_runtime::Fence::new(fence.get() - 1);
    let stored = answer("late");
    for (fence, expected) in [
        (stale, Completion::Lost(Winner::Running)),
        (fence, Completion::Stored),
        (fence, Completion::Stored),
    ] {
        let mut tx = store.begin().await.unwrap();
        let completed = store
            .complete_within(&mut tx, &claim.id, &claim.token, fence, &stored, claim.ttl)
            .await;
        assert_eq!(completed.unwrap(), expected);
        store.commit(tx).await.unwrap();
    }
    assert_eq!(done(&store, &claim_of(claim.id)).await.answer, stored);
    let mut tx = store.begin().await.unwrap();
    let nobodys = fresh();
    let completed = store
        .complete_within(
            &mut tx,
            &nobodys.id,
            &nobodys.token,
            fence,
            &stored,
            nobodys.ttl,
        )
        .await;
    assert_eq!(completed.unwrap(), Completion::Lost(Winner::None));
}

/// A full file, and `ON CONFLICT ROLLBACK`: SQLite ends the transaction by
/// itself, and commits what is written after that. The record is not, and the
/// connection is as good as new.
#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_sqlite_ended_takes_no_record() {
    let file = file().await;
    let pages = file.number("PRAGMA page_count").await + 10;
    let options = file.options().pragma("max_page_count", pages.to_string());
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_lazy_with(options);
    let store = SqliteStore::new(pool.clone());
    let first = "INSERT INTO effects VALUES ('a')";
    let ends = [
        "INSERT OR ROLLBACK INTO effects VALUES ('a')",
        "INSERT INTO effects VALUES (hex(zeroblob(500000)))",
    ];
    for (ends, is_dropped) in ends.into_iter().zip([false, true]).chain([(ends[0], true)]) {
        let claim = fresh();
        let (mut tx, turn, claimed) = opened(&store, &claim).await;
        write(&mut tx, first).await.unwrap();
        assert!(write(&mut tx, ends).await.is_err());
        let error = store
            .record_within(&mut tx, &claim, claimed.fence, &answer("of nothing"))
            .await
            .unwrap_err();
        assert!(matches!(error, StoreError::RolledBack { .. }), "{error:?}");
        if is_dropped {
            drop(tx);
        } else {
            store.roll_back(tx).await.unwrap();
        }
        drop(turn);
        assert_eq!(effects(&file).await, 0);
        assert!(store.inspect(&claim.id).await.unwrap().is_none());
    }
    // Neither noticed nor ended: the next one gets another connection.
    let (mut tx, turn, _) = opened(&store, &fresh()).await;
    write(&mut tx, first).await.unwrap();
    assert!(write(&mut tx, ends[0]).await.is_err());
    drop((tx, turn));
    attempt(&store, &fresh()).await;
    assert_eq!(effects(&file).await, 1);
}

/// An answer that does not fit takes its effect with it.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_file_keeps_neither_effect_nor_answer() {
    let file = file().await;
    let pages = file.number("PRAGMA page_count").await + 10;
    let options = file.options().pragma("max_page_count", pages.to_string());
    let store = SqliteStore::new(SqlitePoolOptions::new().connect_lazy_with(options));
    let claim = fresh();
    let (mut tx, turn, claimed) = opened(&store, &claim).await;
    write(&mut tx, "INSERT INTO effects VALUES ('a')")
        .await
        .unwrap();
    let large = answer(&"x".repeat(500_000));
    let error = store
        .record_within(&mut tx, &claim, claimed.fence, &large)
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::Full { .. }), "{error:?}");
    store.roll_back(tx).await.unwrap();
    drop(turn);
    assert_eq!(effects(&file).await, 0);
    attempt(&store, &claim).await;
    assert_eq!(effects(&file).await, 1);
}
