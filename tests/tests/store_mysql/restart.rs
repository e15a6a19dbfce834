//! The server dies and comes back under load: an error or success, and nothing
//! that was acknowledged is lost. A paused attempt has lost its record.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use idempotent_runtime::outcome::{ClaimOutcome, Completion, Ownership, Winner};
use idempotent_runtime::record::{RecordId, State};
use idempotent_runtime::store::StoreError;
use idempotent_runtime::{Answer, Fence, MySqlStore, Store};
use sqlx::mysql::MySqlPoolOptions;
use tokio::time::sleep;
use xtask::servers::{MariaDb, Scratch, Server};

use crate::database::Database;
use crate::records::{answer, claim_of, claimed, done, fresh, lease, running};

const TASKS: usize = 8;
const RESTARTS: usize = 3;

#[derive(Default)]
struct Load {
    over: AtomicBool,
    refused: AtomicUsize,
}

/// What the server acknowledged.
#[derive(Default)]
struct Acknowledged {
    claimed: Vec<(RecordId, Fence)>,
    stored: Vec<(RecordId, Answer)>,
}

impl Load {
    /// Claims, and completes every other one, until the load is over.
    async fn run(&self, store: MySqlStore) -> Acknowledged {
        let mut acknowledged = Acknowledged::default();
        for number in 0.. {
            if self.over.load(Ordering::Relaxed) {
                break;
            }
            let mut claim = fresh();
            claim.lease = lease(600_000);
            let answer = answer(&claim.id.to_string());
            let fence = match self.judge(store.claim(&claim).await) {
                Some(ClaimOutcome::Claimed(claimed)) => claimed.fence,
                Some(other) => panic!("a fresh record is {other:?}"),
                None => continue,
            };
            if number % 2 == 0 {
                acknowledged.claimed.push((claim.id, fence));
                continue;
            }
            let completed = store.complete(&claim.id, &claim.token, fence, &answer, claim.ttl);
            match self.judge(completed.await) {
                Some(Completion::Stored) => acknowledged.stored.push((claim.id, answer)),
                Some(lost) => panic!("nobody else has it: {lost:?}"),
                None => {}
            }
        }
        acknowledged
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
async fn nothing_acknowledged_is_lost_to_a_killed_server() {
    let scratch = Scratch::new().unwrap();
    let mut server = MariaDb::start(&scratch.join("mysql")).unwrap();
    let database = Database::create_on(&server.url()).await;
    let pool = MySqlPoolOptions::new()
        .max_connections(8)
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(1))
        .connect_lazy_with(database.options.clone());
    let store = MySqlStore::new(pool);
    store.migrate().await.unwrap();
    let load = Arc::new(Load::default());
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let (load, store) = (Arc::clone(&load), store.clone());
            tokio::spawn(async move { load.run(store).await })
        })
        .collect();
    for _ in 0..RESTARTS {
        sleep(Duration::from_millis(900)).await;
        server = tokio::task::spawn_blocking(move || {
            server.process().kill().unwrap();
            server.process().restart().unwrap();
            server
        })
        .await
        .unwrap();
    }
    sleep(Duration::from_millis(900)).await;
    load.over.store(true, Ordering::Relaxed);
    let (mut claims, mut answers) = (0, 0);
    for task in tasks {
        let acknowledged = task.await.unwrap();
        for (id, fence) in acknowledged.claimed {
            let view = store.inspect(&id).await.unwrap().unwrap();
            assert!(
                matches!(view.state, State::Running { .. }) && view.fence == fence,
                "{view:?}"
            );
            claims += 1;
        }
        for (id, answer) in acknowledged.stored {
            assert_eq!(done(&store, &claim_of(id)).await.answer, answer);
            answers += 1;
        }
    }
    let refused = load.refused.load(Ordering::Relaxed);
    println!("{claims} claims and {answers} answers kept over {RESTARTS} kills, {refused} refused");
    assert!(claims > 50 && answers > 50, "{claims}, {answers}");
    store.check().await.unwrap();
}

/// An idle pool after a restart: its dead connections are nobody's concern.
#[tokio::test(flavor = "multi_thread")]
async fn connections_that_died_while_idle_cost_no_refusal() {
    let scratch = Scratch::new().unwrap();
    let mut server = MariaDb::start(&scratch.join("mysql")).unwrap();
    let database = Database::create_on(&server.url()).await;
    let store = database.store(4).await;
    let claims: Vec<_> = (0..8).map(|_| fresh()).collect();
    let all = claims.iter().map(|claim| claimed(&store, claim));
    for claimed in all.collect::<Vec<_>>() {
        claimed.await;
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
    let (paused, other) = (database.store(1).await, MySqlStore::new(database.pool(1)));
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
