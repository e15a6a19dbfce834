//! What is peculiar to the claim statement: one answer and one winner in any
//! race, nothing written by a replay, prepared once, never a scan.

use std::collections::HashSet;
use std::sync::Arc;

use idempotent_runtime::outcome::{ClaimOutcome, Previous};
use idempotent_runtime::{PostgresStore, Store};
use sqlx::Row;
use tokio::sync::Barrier;
use xtask::servers::{Postgres, Scratch, Server};

use crate::database::Database;
use crate::records::{answer, claim_of, claimed, done, finish, fresh, lease};

const RACERS: usize = 8;
const ROUNDS: usize = 200;

/// All racers claim the same record at the same moment, each on a connection
/// of its own; how many became the one.
async fn race(stores: &[PostgresStore], id: idempotent_runtime::record::RecordId) -> usize {
    let start = Arc::new(Barrier::new(stores.len()));
    let racers: Vec<_> = stores
        .iter()
        .map(|store| {
            let (store, start) = (store.clone(), Arc::clone(&start));
            tokio::spawn(async move {
                let claim = claim_of(id);
                start.wait().await;
                match store.claim(&claim).await.unwrap() {
                    ClaimOutcome::Claimed(_) => 1,
                    ClaimOutcome::Running(running) => {
                        assert!(!running.remaining.is_zero(), "a stale verdict: {running:?}");
                        0
                    }
                    other => panic!("neither claimed nor running: {other:?}"),
                }
            })
        })
        .collect();
    let mut winners = 0;
    for racer in racers {
        winners += racer.await.unwrap();
    }
    winners
}

#[tokio::test(flavor = "multi_thread")]
async fn each_race_has_an_answer_for_each_and_one_winner() {
    let database = Database::create().await;
    database.store(1).await;
    let stores: Vec<_> = (0..RACERS)
        .map(|_| PostgresStore::new(database.pool(1)))
        .collect();
    for _ in 0..ROUNDS {
        // A record that nobody claimed, and one whose lease has run out.
        let new = fresh();
        assert_eq!(race(&stores, new.id).await, 1, "of a new record");

        let mut abandoned = fresh();
        abandoned.lease = lease(10);
        let first = claimed(&stores[0], &abandoned).await;
        tokio::time::sleep(std::time::Duration::from_millis(12)).await;
        assert_eq!(race(&stores, abandoned.id).await, 1, "of a takeover");
        let view = stores[0].inspect(&abandoned.id).await.unwrap().unwrap();
        assert!(view.fence > first.fence);
        assert_eq!(view.attempts, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_writes_no_byte_of_wal() {
    // A server of its own: the others' tests write.
    let scratch = Scratch::new().unwrap();
    let server = Postgres::start(&scratch.join("postgres")).unwrap();
    let database = Database::create_on(&server.url()).await;
    let store = database.store(4).await;
    let claim = fresh();
    finish(&store, &claim, &answer("stored")).await;
    let position = "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint";
    let mut written = Vec::new();
    // The server writes of its own accord every 15 s or so, never five times
    // in a row; a replay that wrote would do so each time.
    for _ in 0..5 {
        let before = database.number(position).await;
        for _ in 0..100 {
            done(&store, &claim_of(claim.id)).await;
        }
        written.push(database.number(position).await - before);
    }
    assert!(
        written.contains(&0),
        "bytes of WAL for 100 replays: {written:?}"
    );
    assert!(written.iter().all(|bytes| *bytes < 8 * 100), "{written:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_claim_stays_a_prepared_statement_with_one_plan() {
    let database = Database::create().await;
    let pool = database.pool(1);
    let store = PostgresStore::new(pool.clone());
    store.migrate().await.unwrap();
    for _ in 0..20 {
        let claim = fresh();
        claimed(&store, &claim).await;
    }
    let rows = sqlx::query(
        "SELECT name, generic_plans, custom_plans FROM pg_prepared_statements
         WHERE statement LIKE '-- To become the one attempt%'",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let names: HashSet<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(names.len(), 1, "prepared once on this connection");
    let (generic, custom): (i64, i64) = (rows[0].get(1), rows[0].get(2));
    assert!(
        generic >= 15 && custom <= 5,
        "{generic} generic, {custom} custom plans"
    );
}

/// The planner scans a table of a few pages, and a cached plan would scan on.
#[tokio::test(flavor = "multi_thread")]
async fn no_claim_scans_a_table_that_was_analyzed_while_empty() {
    let database = Database::create().await;
    database.migrate().await;
    database
        .execute("VACUUM (ANALYZE) idempotency_records")
        .await;
    let pool = database.pool(1);
    let store = PostgresStore::new(pool.clone());
    let scans = "SELECT coalesce(sum(seq_scan), 0)::bigint FROM pg_stat_user_tables
                 WHERE relname = 'idempotency_records'";
    let used = "SELECT idx_scan FROM pg_stat_user_indexes
                WHERE indexrelname = 'idempotency_records_pkey'";
    let (before, used_before) = (database.number(scans).await, database.number(used).await);
    for _ in 0..50 {
        let claim = fresh();
        finish(&store, &claim, &answer("a")).await;
        done(&store, &claim_of(claim.id)).await;
    }
    // A connection reports the rest of what it did when it ends.
    pool.close().await;
    let mut seen = 0;
    for _ in 0..100 {
        seen = database.number(used).await - used_before;
        if seen >= 150 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(seen >= 150, "{seen} index scans");
    assert_eq!(database.number(scans).await - before, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_past_its_ttl_tells_how_long_ago_it_expired() {
    let database = Database::create().await;
    let store = database.store(2).await;
    let mut claim = fresh();
    claim.ttl = crate::records::ttl(2_000);
    finish(&store, &claim, &answer("old")).await;
    database
        .execute("UPDATE idempotency_records SET expires_at = expires_at - 62000000")
        .await;
    let again = claim_of(claim.id);
    let Previous::Expired {
        same_fingerprint,
        ago,
    } = claimed(&store, &again).await.previous
    else {
        panic!("it had expired");
    };
    assert!(same_fingerprint);
    assert!((60..70).contains(&ago.as_secs()), "{ago:?}");
    // The same claim, sent again, knows that it had, but not when.
    let repeated = claimed(&store, &again).await.previous;
    assert!(matches!(repeated, Previous::Expired { ago, .. } if ago.is_zero()));
}
