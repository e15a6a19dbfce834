//! Records inside transactions that meet those of other processes, or of the
//! caller, at the file's lock; and the completion of a claim that was committed
//! before.

use std::time::Duration;

use idempotent_runtime::outcome::{ClaimOutcome, Completion, Winner};
use idempotent_runtime::store::transaction::{ClaimedWithin, Whose};
use idempotent_runtime::store::{Records, StoreError, TransactionalStore};
use idempotent_runtime::{Fence, SqliteStore};
use sqlx::sqlite::SqlitePoolOptions;

use crate::records::{answer, claim_of, claimed, done, fresh};
use crate::transactions::{attempt, file, opened, within};

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
    let stale = Fence::new(fence.get() - 1);
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
