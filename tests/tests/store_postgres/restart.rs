//! The server dies and comes back under load: an error or success, and no
//! stored answer is lost. A paused attempt has lost its record.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use idempotent_runtime::outcome::{ClaimOutcome, Completion, Ownership, Winner};
use idempotent_runtime::record::RecordId;
use idempotent_runtime::store::StoreError;
use idempotent_runtime::{Answer, PostgresStore, Store};
use sqlx::postgres::PgPoolOptions;
use tokio::time::sleep;
use xtask::servers::{Postgres, Scratch, Server};

use crate::database::Database;
use crate::records::{answer, claim_of, claimed, done, fresh, lease, running};

const TASKS: usize = 8;
const RESTARTS: usize = 4;
/// How many answers are stored before each crash, and after the last one.
const BETWEEN: usize = 50;

#[derive(Default)]
struct Load {
    over: AtomicBool,
    stored: AtomicUsize,
    refused: AtomicUsize,
}

impl Load {
    /// Claims and completes until the load is over; what was stored.
    async fn run(&self, store: PostgresStore) -> Vec<(RecordId, Answer)> {
        let mut stored = Vec::new();
        while !self.over.load(Ordering::Relaxed) {
            let claim = fresh();
            let answer = answer(&format!("{:?}", claim.id));
            let fence = match self.judge(store.claim(&claim).await) {
                Some(ClaimOutcome::Claimed(claimed)) => claimed.fence,
                Some(other) => panic!("a fresh record is {other:?}"),
                None => continue,
            };
            let completed = store.complete(&claim.id, &claim.token, fence, &answer, claim.ttl);
            match self.judge(completed.await) {
                Some(Completion::Stored) => {
                    stored.push((claim.id, answer));
                    self.stored.fetch_add(1, Ordering::Relaxed);
                }
                Some(lost) => panic!("nobody else has it: {lost:?}"),
                None => {}
            }
        }
        stored
    }

    /// Returns when this many more answers are stored.
    async fn goes_on(&self, more: usize) {
        let goal = self.stored.load(Ordering::Relaxed) + more;
        let reached = async {
            while self.stored.load(Ordering::Relaxed) < goal {
                sleep(Duration::from_millis(5)).await;
            }
        };
        let reached = tokio::time::timeout(Duration::from_mins(1), reached).await;
        reached.expect("the store recovers");
    }

    fn judge<T>(&self, answer: Result<T, StoreError>) -> Option<T> {
        match answer {
            Ok(answer) => Some(answer),
            Err(StoreError::Unavailable { .. }) => {
                self.refused.fetch_add(1, Ordering::Relaxed);
                None
            }
            Err(other) => panic!("{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_stored_answer_is_lost_to_a_crash_of_the_server() {
    let scratch = Scratch::new().unwrap();
    let mut server = Postgres::start(&scratch.join("postgres")).unwrap();
    let database = Database::create_on(&server.url()).await;
    let pool = PgPoolOptions::new()
        .max_connections(8)
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(1))
        .connect_lazy_with(database.options.clone());
    let store = PostgresStore::new(pool);
    store.migrate().await.unwrap();
    let load = Arc::new(Load::default());
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let (load, store) = (Arc::clone(&load), store.clone());
            tokio::spawn(async move { load.run(store).await })
        })
        .collect();
    for _ in 0..RESTARTS {
        load.goes_on(BETWEEN).await;
        // As `pg_ctl restart -m immediate`.
        server = tokio::task::spawn_blocking(move || {
            server.process().kill().unwrap();
            server.process().restart().unwrap();
            server
        })
        .await
        .unwrap();
    }
    load.goes_on(BETWEEN).await;
    load.over.store(true, Ordering::Relaxed);
    let mut stored = Vec::new();
    for task in tasks {
        stored.extend(task.await.unwrap());
    }
    for (id, answer) in &stored {
        assert_eq!(done(&store, &claim_of(*id)).await.answer, *answer);
    }
    let refused = load.refused.load(Ordering::Relaxed);
    println!(
        "{} stored over {RESTARTS} crashes, {refused} refused",
        stored.len()
    );
    store.check().await.unwrap();
}

/// An idle pool after a restart: its dead connections are nobody's concern.
#[tokio::test(flavor = "multi_thread")]
async fn connections_that_died_while_idle_cost_no_refusal() {
    let scratch = Scratch::new().unwrap();
    let mut server = Postgres::start(&scratch.join("postgres")).unwrap();
    let database = Database::create_on(&server.url()).await;
    let store = database.store(3).await;
    let claims: Vec<_> = (0..8).map(|_| fresh()).collect();
    for claim in &claims {
        claimed(&store, claim).await;
    }
    tokio::task::block_in_place(|| {
        server.process().stop().unwrap();
        server.process().restart().unwrap();
    });
    for claim in &claims {
        running(&store, &claim_of(claim.id)).await;
    }
}

/// Two processes, one of which was paused past its lease (SIGSTOP, say).
#[tokio::test(flavor = "multi_thread")]
async fn a_paused_attempt_finds_its_record_lost() {
    let database = Database::create().await;
    let (paused, other) = (
        database.store(1).await,
        PostgresStore::new(database.pool(1)),
    );
    let mut mine = fresh();
    mine.lease = lease(100);
    let fence = claimed(&paused, &mine).await.fence;
    sleep(Duration::from_millis(110)).await;

    let theirs = claim_of(mine.id);
    let higher = claimed(&other, &theirs).await.fence;
    assert!(higher > fence);
    let late = answer("late");
    let complete = || paused.complete(&mine.id, &mine.token, fence, &late, mine.ttl);
    assert_eq!(complete().await.unwrap(), Completion::Lost(Winner::Running));
    let leases = [(mine.id, mine.token, mine.lease)];
    assert_eq!(paused.extend(&leases).await.unwrap(), [Ownership::Lost]);

    let winners = answer("winner's");
    let completed = other.complete(&theirs.id, &theirs.token, higher, &winners, theirs.ttl);
    assert_eq!(completed.await.unwrap(), Completion::Stored);
    assert_eq!(complete().await.unwrap(), Completion::Lost(Winner::Done));
    assert_eq!(done(&paused, &claim_of(mine.id)).await.answer, winners);
}
