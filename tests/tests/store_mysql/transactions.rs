//! Records inside transactions, with the statements for MariaDB and for MySQL:
//! what was before, what is rolled back, and what is another's by now.

use std::time::Duration;

use idempotent_runtime::outcome::{ClaimOutcome, Claimed, Completion, Ownership, Previous};
use idempotent_runtime::record::RecordId;
use idempotent_runtime::store::transaction::{ClaimedWithin, Whose};
use idempotent_runtime::store::{Claim, Records, StoreError, TransactionalStore};
use idempotent_runtime::{MySqlStore, Store};
use sqlx::{AssertSqlSafe, MySqlTransaction};

use crate::database::Database;
use crate::records::{answer, claim_of, claimed, done, finish, fresh, lease, running};

/// The isolation of a pool's transactions.
pub(crate) const LEVELS: [&str; 2] = ["REPEATABLE READ", "READ COMMITTED"];

/// A database with a table of effects, whose rows have a unique key.
pub(crate) async fn base() -> Database {
    let database = Database::create().await;
    database.store(1).await;
    database
        .execute("CREATE TABLE effects (id VARCHAR(64) PRIMARY KEY, n INT) ENGINE = InnoDB")
        .await;
    database
}

/// Stores over the same database, for MariaDB and for MySQL.
pub(crate) fn both(database: &Database, connections: u32) -> [MySqlStore; 2] {
    let store = || MySqlStore::new(database.pool(connections));
    [store(), store().without_returning()]
}

pub(crate) async fn write(tx: &mut MySqlTransaction<'_>, sql: &str) -> Result<(), sqlx::Error> {
    let written = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut **tx).await;
    written.map(drop)
}

/// An effect of its own for each record.
pub(crate) async fn effect(tx: &mut MySqlTransaction<'_>, id: &RecordId) {
    write(tx, &format!("INSERT INTO effects VALUES ('{id}', 0)"))
        .await
        .unwrap();
}

pub(crate) async fn effects(database: &Database) -> i64 {
    database.number("SELECT COUNT(*) FROM effects").await
}

/// A transaction that has claimed its record.
pub(crate) async fn opened(
    store: &MySqlStore,
    claim: &Claim<'_>,
) -> (MySqlTransaction<'static>, Claimed) {
    let mut tx = store.begin().await.unwrap();
    match store.claim_within(&mut tx, claim, Whose::Ours).await {
        Ok(ClaimedWithin::Outcome(ClaimOutcome::Claimed(claimed))) => (tx, claimed),
        other => panic!("not claimed: {other:?}"),
    }
}

pub(crate) async fn record(
    store: &MySqlStore,
    tx: &mut MySqlTransaction<'_>,
    claim: &Claim<'_>,
    claimed: &Claimed,
) -> Result<Ownership, StoreError> {
    let answer = answer("in one commit");
    store.record_within(tx, claim, claimed.fence, &answer).await
}

/// What a claim in a transaction of its own is told, which is then rolled back.
pub(crate) async fn told(store: &MySqlStore, claim: &Claim<'_>) -> ClaimedWithin {
    let mut tx = store.begin().await.unwrap();
    let told = store.claim_within(&mut tx, claim, Whose::Ours).await;
    store.roll_back(tx).await.unwrap();
    told.unwrap()
}

/// An attempt in a transaction, from its begin to its commit.
pub(crate) async fn attempt(store: &MySqlStore, claim: &Claim<'_>) -> Claimed {
    let (mut tx, claimed) = opened(store, claim).await;
    effect(&mut tx, &claim.id).await;
    let recorded = record(store, &mut tx, claim, &claimed).await;
    assert_eq!(recorded.unwrap(), Ownership::Held);
    store.commit(tx).await.unwrap();
    claimed
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_before_decides_as_for_a_lease() {
    let database = base().await;
    for store in both(&database, 2) {
        // Nothing, and after a rollback nothing again.
        let first = fresh();
        let (tx, begun) = opened(&store, &first).await;
        store.roll_back(tx).await.unwrap();
        assert!(store.inspect(&first.id).await.unwrap().is_none());
        attempt(&store, &first).await;
        let record = store.inspect(&first.id).await.unwrap().unwrap();
        assert!(record.fence > begun.fence && record.attempts == 1);
        // Done, for claims of both kinds.
        let replay = done(&store, &claim_of(first.id)).await;
        assert_eq!(replay.answer, answer("in one commit"));
        match told(&store, &claim_of(first.id)).await {
            ClaimedWithin::Outcome(ClaimOutcome::Done(done)) => {
                assert_eq!(done.answer, replay.answer);
            }
            other => panic!("{other:?}"),
        }
        // An attempt with a lease holds the record, until that runs out.
        let mut leased = fresh();
        leased.lease = lease(300);
        let before = claimed(&store, &leased).await;
        match told(&store, &claim_of(leased.id)).await {
            ClaimedWithin::Outcome(ClaimOutcome::Running(running)) => {
                assert!(!running.remaining.is_zero());
            }
            other => panic!("{other:?}"),
        }
        tokio::time::sleep(Duration::from_millis(310)).await;
        let after = attempt(&store, &claim_of(leased.id)).await;
        assert_eq!(after.previous, Previous::TakenOver);
        let record = store.inspect(&leased.id).await.unwrap().unwrap();
        assert!(record.fence > before.fence && record.attempts == 2);
        // One that expired is claimed afresh.
        let expired = fresh();
        finish(&store, &expired, &answer("old")).await;
        let back = "UPDATE idempotency_records SET expires_at = expires_at - 86400000000 * 366";
        database.execute(back).await;
        let after = attempt(&store, &claim_of(expired.id)).await;
        assert!(
            matches!(after.previous, Previous::Expired { .. }),
            "{after:?}"
        );
    }
}

/// A savepoint of the caller's may be older than the claim: then the lock goes
/// with it, and the answer is written only if it can be had again.
#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_was_rolled_back_to_a_savepoint_is_had_again_or_lost() {
    let database = base().await;
    for store in both(&database, 3) {
        for is_taken in [false, true] {
            let claim = fresh();
            let (mut tx, mine) = opened(&store, &claim).await;
            effect(&mut tx, &claim.id).await;
            write(&mut tx, "ROLLBACK TO SAVEPOINT idempotent_body")
                .await
                .unwrap();
            let other = claim_of(claim.id);
            if is_taken {
                let (theirs, _) = opened(&store, &other).await;
                let recorded = record(&store, &mut tx, &claim, &mine).await;
                assert_eq!(recorded.unwrap(), Ownership::Lost);
                store.roll_back(theirs).await.unwrap();
                store.roll_back(tx).await.unwrap();
                assert!(store.inspect(&claim.id).await.unwrap().is_none());
            } else {
                let recorded = record(&store, &mut tx, &claim, &mine).await;
                assert_eq!(recorded.unwrap(), Ownership::Held);
                assert_eq!(told(&store, &other).await, ClaimedWithin::Busy);
                store.commit(tx).await.unwrap();
                done(&store, &other).await;
            }
        }
    }
    assert_eq!(effects(&database).await, 0);
}

/// Whoever committed first has it, with a lease or without.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_beside_anothers_record_is_not_written() {
    let database = base().await;
    for store in both(&database, 3) {
        for is_done in [false, true] {
            let claim = fresh();
            let (mut tx, mine) = opened(&store, &claim).await;
            effect(&mut tx, &claim.id).await;
            let leased = claim_of(claim.id);
            let theirs = claimed(&store, &leased).await;
            let winners = answer("theirs");
            if is_done {
                let completed = store.complete(
                    &leased.id,
                    &leased.token,
                    theirs.fence,
                    &winners,
                    leased.ttl,
                );
                assert_eq!(completed.await.unwrap(), Completion::Stored);
            }
            let recorded = record(&store, &mut tx, &claim, &mine).await;
            assert_eq!(recorded.unwrap(), Ownership::Lost);
            store.roll_back(tx).await.unwrap();
            let asked = claim_of(claim.id);
            if is_done {
                assert_eq!(done(&store, &asked).await.answer, winners);
            } else {
                running(&store, &asked).await;
            }
        }
    }
    assert_eq!(effects(&database).await, 0);
}
