//! Waiting across processes: told soon, by few statements, whatever is lost.

use std::time::Duration;

use idempotent_runtime::outcome::{Completion, Ownership, Release};
use idempotent_runtime::record::RecordId;
use idempotent_runtime::store::Claim;
use idempotent_runtime::{PostgresStore, Store};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use crate::database::Database;
use crate::records::{answer, claimed, fresh};

const AT_MOST: Duration = Duration::from_secs(30);
/// The pauses between a waiter's own looks are at their longest by then.
const SETTLED: Duration = Duration::from_secs(6);
const LISTENERS: &str = "SELECT count(*) FROM pg_stat_activity
    WHERE query = 'LISTEN \"idempotent_ended\"' AND datname = current_database()";

/// A waiter in another process; gives the moment at which it was told.
fn waiter(store: &PostgresStore, id: RecordId) -> JoinHandle<Instant> {
    let store = store.clone();
    tokio::spawn(async move {
        store.wait(&id, AT_MOST).await.unwrap();
        Instant::now()
    })
}

fn waited_for() -> Claim<'static> {
    let mut claim = fresh();
    claim.notify = true;
    claim
}

async fn complete(store: &PostgresStore, claim: &Claim<'_>, fence: idempotent_runtime::Fence) {
    let answer = answer("done");
    let completed = store.complete(&claim.id, &claim.token, fence, &answer, claim.ttl);
    assert_eq!(completed.await.unwrap(), Completion::Stored);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_process_is_told_at_once_by_notification() {
    let database = Database::create().await;
    let (here, there) = (
        database.store(2).await,
        PostgresStore::new(database.pool(2)),
    );
    for end in ["complete", "release"] {
        let claim = waited_for();
        let fence = claimed(&here, &claim).await.fence;
        let waiter = waiter(&there, claim.id);
        sleep(SETTLED).await;
        assert!(!waiter.is_finished());
        let ended = Instant::now();
        if end == "complete" {
            complete(&here, &claim, fence).await;
        } else {
            let released = here.release(&claim.id, &claim.token, Release::Retry);
            assert_eq!(released.await.unwrap(), Ownership::Held);
        }
        let took = waiter.await.unwrap().saturating_duration_since(ended);
        // By its own looks it would have taken a second or two.
        assert!(took < Duration::from_millis(500), "{end}: {took:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_nobody_notifies_is_seen_by_looking() {
    let database = Database::create().await;
    let (here, there) = (
        database.store(2).await,
        PostgresStore::new(database.pool(2)),
    );
    let quiet = here.clone().without_notifications();
    for (store, claim) in [(&here, fresh()), (&quiet, waited_for())] {
        let fence = claimed(store, &claim).await.fence;
        let waiter = waiter(&there, claim.id);
        sleep(Duration::from_secs(2)).await;
        let ended = Instant::now();
        complete(store, &claim, fence).await;
        let took = waiter.await.unwrap().saturating_duration_since(ended);
        assert!(took < Duration::from_secs(1), "{took:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_waiters_cost_few_statements_and_one_connection() {
    let database = Database::create().await;
    let (here, there) = (
        database.store(2).await,
        PostgresStore::new(database.pool(4)),
    );
    let claim = waited_for();
    let fence = claimed(&here, &claim).await.fence;
    let transactions = "SELECT (xact_commit + xact_rollback)::bigint FROM pg_stat_database
                        WHERE datname = current_database()";
    let before = database.number(transactions).await;
    let waiters: Vec<_> = (0..1_000).map(|_| waiter(&there, claim.id)).collect();
    sleep(SETTLED).await;
    assert_eq!(database.number(LISTENERS).await, 1);
    let ended = Instant::now();
    complete(&here, &claim, fence).await;
    for waiter in waiters {
        let took = waiter.await.unwrap().saturating_duration_since(ended);
        assert!(took < Duration::from_secs(1), "{took:?}");
    }
    // Its own connections' counts arrive when they have been idle for a second.
    sleep(Duration::from_secs(2)).await;
    let spent = database.number(transactions).await - before;
    println!("{spent} transactions for 1000 waiters over {SETTLED:?}");
    assert!(spent < 100, "{spent} transactions");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listening_connection_that_is_lost_comes_back() {
    let database = Database::create().await;
    let (here, there) = (
        database.store(2).await,
        PostgresStore::new(database.pool(2)),
    );
    let claim = waited_for();
    let fence = claimed(&here, &claim).await.fence;
    let waiter = waiter(&there, claim.id);
    sleep(SETTLED).await;
    database
        .execute(&LISTENERS.replace("count(*)", "pg_terminate_backend(pid)"))
        .await;
    sleep(SETTLED).await;
    assert_eq!(database.number(LISTENERS).await, 1, "it listens again");
    let ended = Instant::now();
    complete(&here, &claim, fence).await;
    let took = waiter.await.unwrap().saturating_duration_since(ended);
    assert!(took < Duration::from_millis(500), "{took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiter_leaves_no_connection_behind() {
    let database = Database::create().await;
    let store = database.store(2).await;
    let mut claim = waited_for();
    claim.lease = crate::records::lease(1_500);
    claimed(&store, &claim).await;
    // The lease runs out, of which nobody tells.
    let started = Instant::now();
    store.wait(&claim.id, AT_MOST).await.unwrap();
    let took = started.elapsed();
    assert!((1_400..3_000).contains(&took.as_millis()), "{took:?}");
    assert_eq!(database.number(LISTENERS).await, 1);
    sleep(Duration::from_secs(13)).await;
    assert_eq!(database.number(LISTENERS).await, 0);
    // And the next one is served all the same.
    let again = Instant::now();
    store.wait(&claim.id, AT_MOST).await.unwrap();
    assert!(again.elapsed() < Duration::from_secs(2));
}

/// The task that looks lives on one runtime, and may die with it.
#[test]
fn a_waiter_outlives_the_runtime_of_the_first() {
    let runtime = || {
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .worker_threads(1)
            .build()
            .unwrap()
    };
    let first = runtime();
    let (database, claim) = first.block_on(async {
        let database = Database::create().await;
        let store = database.store(2).await;
        let claim = waited_for();
        claimed(&store, &claim).await;
        (database, claim)
    });
    let second = runtime();
    let store = second.block_on(async { PostgresStore::new(database.pool(2)) });
    let stranded = first.spawn({
        let (store, id) = (store.clone(), claim.id);
        async move { store.wait(&id, AT_MOST).await }
    });
    std::thread::sleep(Duration::from_secs(1));
    first.shutdown_background();
    drop(stranded);
    second.block_on(async {
        let waiter = waiter(&store, claim.id);
        sleep(Duration::from_secs(1)).await;
        let ended = Instant::now();
        let released = store.release(&claim.id, &claim.token, Release::Retry);
        assert_eq!(released.await.unwrap(), Ownership::Held);
        assert!(waiter.await.unwrap().saturating_duration_since(ended) < Duration::from_secs(1));
    });
}
