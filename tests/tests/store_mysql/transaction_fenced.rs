//! The fenced commit: a record that was claimed and committed before is completed
//! in the transaction of its effect.

use std::time::Duration;

use idempotent_runtime::outcome::{Completion, Winner};
use idempotent_runtime::store::{Claim, Records, StoreError, TransactionalStore};
use sqlx::MySqlTransaction;

use crate::records::{answer, claim_of, claimed, done, fresh, lease, running};
use crate::transactions::{base, both, effect, effects, write};

#[tokio::test(flavor = "multi_thread")]
async fn an_effect_is_committed_only_with_a_record_that_is_held() {
    let database = base().await;
    for store in both(&database, 3) {
        let (mut mine, stored) = (fresh(), answer("stored"));
        mine.lease = lease(100);
        let complete = async |tx: &mut MySqlTransaction<'_>, claim: &Claim<'_>, fence| {
            let Claim { id, token, ttl, .. } = claim;
            let completed = store.complete_within(tx, id, token, fence, &stored, *ttl);
            completed.await.unwrap()
        };
        let fence = claimed(&store, &mine).await.fence;
        // Rolled back, it runs as before.
        let mut tx = store.begin().await.unwrap();
        assert_eq!(complete(&mut tx, &mine, fence).await, Completion::Stored);
        store.roll_back(tx).await.unwrap();
        // Taken over, the effect goes.
        tokio::time::sleep(Duration::from_millis(110)).await;
        let theirs = claim_of(mine.id);
        let higher = claimed(&store, &theirs).await.fence;
        let mut tx = store.begin().await.unwrap();
        effect(&mut tx, &mine.id).await;
        assert_eq!(
            complete(&mut tx, &mine, fence).await,
            Completion::Lost(Winner::Running)
        );
        store.roll_back(tx).await.unwrap();
        // Held, it is committed.
        let mut tx = store.begin().await.unwrap();
        effect(&mut tx, &mine.id).await;
        assert_eq!(complete(&mut tx, &theirs, higher).await, Completion::Stored);
        store.commit(tx).await.unwrap();
        assert_eq!(done(&store, &claim_of(mine.id)).await.answer, stored);
        // Of a transaction that is over, neither is.
        let late = fresh();
        let fence = claimed(&store, &late).await.fence;
        let mut tx = store.begin().await.unwrap();
        write(&mut tx, "ROLLBACK").await.unwrap();
        let completed =
            store.complete_within(&mut tx, &late.id, &late.token, fence, &stored, late.ttl);
        let error = completed.await.unwrap_err();
        assert!(matches!(error, StoreError::RolledBack { .. }), "{error:?}");
        running(&store, &claim_of(late.id)).await;
    }
    assert_eq!(effects(&database).await, 2);
}
