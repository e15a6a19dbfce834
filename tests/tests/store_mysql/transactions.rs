//! Claims inside transactions: one winner, the others are told at once, and
//! nobody meets a deadlock. With the statements for MariaDB and those for MySQL.

use std::sync::Arc;
use std::time::{Duration, Instant};

use idempotent_runtime::outcome::{ClaimOutcome, Claimed, Completion, Ownership, Previous, Winner};
use idempotent_runtime::record::RecordId;
use idempotent_runtime::store::transaction::{ClaimedWithin, Whose};
use idempotent_runtime::store::{Claim, Records, StoreError, TransactionalStore};
use idempotent_runtime::{MySqlStore, Store};
use sqlx::{AssertSqlSafe, MySqlTransaction};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::database::Database;
use crate::records::{answer, claim_of, claimed, done, finish, fresh, lease, running};

const RACERS: usize = 8;
const ROUNDS: usize = 60;
const LEVELS: [&str; 2] = ["REPEATABLE READ", "READ COMMITTED"];
/// And as later versions of MariaDB have it by default.
const STRICT: &str = "REPEATABLE READ; SET SESSION innodb_snapshot_isolation = ON";

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
async fn attempt(store: &MySqlStore, claim: &Claim<'_>) -> Claimed {
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

/// The fenced commit: the claim was committed before.
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
