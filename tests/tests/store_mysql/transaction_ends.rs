//! How transactions end that nobody ended: deadlocks, statements that commit by
//! themselves, silence, killed connections, a server that restarts. And what a
//! pooled connection is afterwards.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use idempotent_runtime::outcome::{ClaimOutcome, Ownership};
use idempotent_runtime::store::transaction::{ClaimedWithin, Whose};
use idempotent_runtime::store::{Records, StoreError, TransactionalStore};
use idempotent_runtime::{MySqlStore, Store};
use sqlx::mysql::MySqlPoolOptions;
use tokio::time::sleep;
use xtask::servers::{MariaDb, Scratch, Server};

use crate::database::Database;
use crate::records::fresh;
use crate::transactions::{base, both, effect, effects, opened, record, told, write};

fn is_rolled_back(error: &StoreError) -> bool {
    matches!(error, StoreError::RolledBack { .. })
}

/// Two bodies that write the same rows in opposite order. The one that the
/// server chooses says nothing of it, and goes on.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_after_a_deadlock_is_not_written() {
    let database = base().await;
    database
        .execute("INSERT INTO effects VALUES ('one', 0), ('two', 0)")
        .await;
    for store in both(&database, 2) {
        let claims = [fresh(), fresh()];
        let mut ends = Vec::new();
        let start = std::sync::Arc::new(tokio::sync::Barrier::new(2));
        for (claim, rows) in claims.iter().zip([["one", "two"], ["two", "one"]]) {
            let (store, claim, start) = (store.clone(), claim.clone(), start.clone());
            ends.push(tokio::spawn(async move {
                let (mut tx, claimed) = opened(&store, &claim).await;
                let mut failed = false;
                for row in rows {
                    let update = format!("UPDATE effects SET n = n + 1 WHERE id = '{row}'");
                    failed |= write(&mut tx, &update).await.is_err();
                    start.wait().await;
                }
                let recorded = record(&store, &mut tx, &claim, &claimed).await;
                match recorded {
                    Ok(Ownership::Held) => store.commit(tx).await.unwrap(),
                    other => {
                        assert!(is_rolled_back(&other.unwrap_err()));
                        store.roll_back(tx).await.unwrap();
                    }
                }
                failed
            }));
        }
        let mut records = 0;
        for (end, claim) in ends.into_iter().zip(&claims) {
            let failed = end.await.unwrap();
            let stored = store.inspect(&claim.id).await.unwrap().is_some();
            assert_eq!(stored, !failed, "effect and answer, or neither");
            records += i32::from(stored);
        }
        assert_eq!(records, 1);
    }
    let written = database
        .number("SELECT CAST(SUM(n) AS SIGNED) FROM effects")
        .await;
    assert_eq!(written, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_commits_by_itself_is_told() {
    let database = base().await;
    for (number, store) in both(&database, 2).into_iter().enumerate() {
        let claim = fresh();
        let (mut tx, claimed) = opened(&store, &claim).await;
        write(&mut tx, &format!("CREATE TABLE by_{number} (id INT)"))
            .await
            .unwrap();
        let error = record(&store, &mut tx, &claim, &claimed).await.unwrap_err();
        assert!(is_rolled_back(&error), "{error:?}");
        assert!(error.to_string().contains("change a schema"), "{error}");
        store.roll_back(tx).await.unwrap();
        assert!(store.inspect(&claim.id).await.unwrap().is_none());
    }
}

/// Without it, a transaction that ended by itself could not be told from the next.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_without_autocommit_is_refused() {
    let database = base().await;
    let pool = MySqlPoolOptions::new()
        .after_connect(|connection, _| {
            let set = "SET SESSION autocommit = 0";
            Box::pin(async move { sqlx::raw_sql(set).execute(connection).await.map(drop) })
        })
        .connect_lazy_with(database.options.clone());
    let store = MySqlStore::new(pool);
    let mut tx = store.begin().await.unwrap();
    let claim = fresh();
    let error = store.claim_within(&mut tx, &claim, Whose::Ours).await;
    match error.unwrap_err() {
        StoreError::Misconfigured { what } => assert!(what.contains("autocommit = 1"), "{what}"),
        other => panic!("{other:?}"),
    }
}

/// A client that hangs up, at any moment of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_begin_that_is_dropped_leaves_no_transaction_on_the_connection() {
    let database = base().await;
    let pool = database.pool(1);
    let store = MySqlStore::new(pool.clone());
    opened(&store, &fresh()).await;
    for polls in (0..8).cycle().take(32) {
        let mut begin = Box::pin(store.begin());
        let mut polled = 0;
        poll_fn(|cx| {
            polled += 1;
            if begin.as_mut().poll(cx).is_ready() || polled > polls {
                return Poll::Ready(());
            }
            Poll::Pending
        })
        .await;
        drop(begin);
        let within: i64 = sqlx::query_scalar("SELECT CAST(@@in_transaction AS SIGNED)")
            .fetch_one(&pool)
            .await
            .unwrap();
        assert_eq!(within, 0, "dropped after {polled} polls");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_connection_leaves_nothing() {
    let database = base().await;
    for store in both(&database, 2) {
        for before in ["answer", "commit"] {
            let claim = fresh();
            let (mut tx, claimed) = opened(&store, &claim).await;
            effect(&mut tx, &claim.id).await;
            let id: i64 = sqlx::query_scalar("SELECT CAST(CONNECTION_ID() AS SIGNED)")
                .fetch_one(&mut *tx)
                .await
                .unwrap();
            if before == "commit" {
                let recorded = record(&store, &mut tx, &claim, &claimed).await;
                assert_eq!(recorded.unwrap(), Ownership::Held);
            }
            database.execute(&format!("KILL CONNECTION {id}")).await;
            let error = if before == "commit" {
                store.commit(tx).await.unwrap_err()
            } else {
                record(&store, &mut tx, &claim, &claimed).await.unwrap_err()
            };
            assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
            // It may take a moment to roll back; then the record can be had.
            while told(&store, &claim).await == ClaimedWithin::Busy {
                sleep(Duration::from_millis(5)).await;
            }
            let told = told(&store, &claim).await;
            let is_free = matches!(told, ClaimedWithin::Outcome(ClaimOutcome::Claimed(_)));
            assert!(is_free, "{told:?}");
        }
    }
    assert_eq!(effects(&database).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_in_mid_transaction_leaves_nothing() {
    let scratch = Scratch::new().unwrap();
    let mut server = MariaDb::start(&scratch.join("mysql")).unwrap();
    let database = Database::create_on(&server.url()).await;
    let store = database.store(2).await;
    database
        .execute("CREATE TABLE effects (id VARCHAR(64) PRIMARY KEY, n INT) ENGINE = InnoDB")
        .await;
    for is_killed in [false, true] {
        let claim = fresh();
        let (mut tx, claimed) = opened(&store, &claim).await;
        effect(&mut tx, &claim.id).await;
        let recorded = record(&store, &mut tx, &claim, &claimed).await;
        assert_eq!(recorded.unwrap(), Ownership::Held);
        tokio::task::block_in_place(|| {
            if is_killed {
                server.process().kill().unwrap();
            } else {
                server.process().stop().unwrap();
            }
            server.process().restart().unwrap();
        });
        let error = store.commit(tx).await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
        // The pool's dead connections are nobody's concern.
        let (mut tx, again) = opened(&store, &claim).await;
        let recorded = record(&store, &mut tx, &claim, &again).await;
        assert_eq!(recorded.unwrap(), Ownership::Held);
        store.commit(tx).await.unwrap();
    }
    assert_eq!(effects(&database).await, 0);
}
