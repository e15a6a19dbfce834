//! Claims inside a transaction of the caller's own, which may have read before.

use std::time::Duration;

use idempotent_runtime::outcome::{ClaimOutcome, Ownership};
use idempotent_runtime::store::transaction::{ClaimedWithin, Whose};
use idempotent_runtime::store::{Records, StoreError, TransactionalStore};
use idempotent_runtime::{MySqlStore, Store};

use crate::records::{answer, claim_of, done, fresh};
use crate::transactions::{LEVELS, attempt, base, effect, effects, opened, record, write};

/// A caller's transaction that has read before keeps to what it saw; its claim
/// does not. Also where it has to wait for the answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_callers_claim_sees_what_was_committed_since_its_first_read() {
    let database = base().await;
    for level in LEVELS {
        for has_returning in [true, false] {
            let mut store = MySqlStore::new(database.isolated(3, level));
            if !has_returning {
                store = store.without_returning();
            }
            let before = effects(&database).await;
            let claim = fresh();
            let mut callers = store.begin().await.unwrap();
            write(&mut callers, "SELECT * FROM idempotency_records")
                .await
                .unwrap();
            let (mut tx, claimed) = opened(&store, &claim).await;
            effect(&mut tx, &claim.id).await;
            let asked = claim_of(claim.id);
            let told = store.claim_within(&mut callers, &asked, Whose::Callers);
            assert_eq!(told.await.unwrap(), ClaimedWithin::Busy);
            let recorded = record(&store, &mut tx, &claim, &claimed).await;
            assert_eq!(recorded.unwrap(), Ownership::Held);
            store.commit(tx).await.unwrap();
            let told = store.claim_within(&mut callers, &asked, Whose::Callers);
            match told.await.unwrap() {
                ClaimedWithin::Outcome(ClaimOutcome::Done(done)) => {
                    assert_eq!(done.answer, answer("in one commit"));
                }
                other => panic!("{level}: {other:?}"),
            }
            store.commit(callers).await.unwrap();
            assert_eq!(effects(&database).await - before, 1);
        }
    }
}

/// The caller's own transaction, of its own pool, from claim to commit; a claim
/// without an answer leaves nothing, and locks no other key's gap.
#[tokio::test(flavor = "multi_thread")]
async fn a_claim_in_a_callers_transaction_leaves_nothing_but_its_answer() {
    let database = base().await;
    for level in LEVELS {
        let pool = database.isolated(2, level);
        let store = MySqlStore::new(pool.clone());
        let (unanswered, answered) = (fresh(), fresh());
        let mut tx = pool.begin().await.unwrap();
        for claim in [&unanswered, &answered] {
            let told = store.claim_within(&mut tx, claim, Whose::Callers).await;
            let ClaimedWithin::Outcome(ClaimOutcome::Claimed(claimed)) = told.unwrap() else {
                panic!("nobody else has it");
            };
            if claim.id == answered.id {
                let recorded = record(&store, &mut tx, claim, &claimed).await;
                assert_eq!(recorded.unwrap(), Ownership::Held);
            }
        }
        let other = fresh();
        let meanwhile = tokio::time::timeout(Duration::from_secs(10), attempt(&store, &other));
        meanwhile.await.expect("it waits for nobody");
        tx.commit().await.unwrap();
        assert!(store.inspect(&unanswered.id).await.unwrap().is_none());
        done(&store, &claim_of(answered.id)).await;
        // One whose transaction is over by itself is told so.
        let mut tx = pool.begin().await.unwrap();
        write(&mut tx, "ROLLBACK").await.unwrap();
        let told = store.claim_within(&mut tx, &fresh(), Whose::Callers).await;
        let error = told.unwrap_err();
        assert!(matches!(error, StoreError::RolledBack { .. }), "{error:?}");
    }
    let left = "SELECT COUNT(*) FROM idempotency_records WHERE state <> 4";
    assert_eq!(database.number(left).await, 0);
}
