//! What is written, and in how many commits: the log's frames tell.

use std::time::Duration;

use idempotent_runtime::outcome::{Completion, Ownership, Release};
use idempotent_runtime::{SqliteStore, Store};
use tokio::task::JoinSet;

use crate::file::File;
use crate::records::{answer, claim_of, claimed, done, finish, fresh, lease, running};

/// How many commits the write-ahead log holds: a frame that ends one says how
/// large the database is after it.
fn commits(file: &File) -> usize {
    const PAGE: usize = 4096;
    const HEADER: usize = 24;
    let log = std::fs::read(file.path().with_extension("db-wal")).unwrap();
    let (head, frames) = log.split_at_checked(32).unwrap_or_default();
    let salts = |bytes: &[u8], at: usize| bytes[at..at + 8].to_vec();
    frames
        .chunks_exact(HEADER + PAGE)
        // Others are left over from before the log's last restart.
        .filter(|frame| salts(frame, 8) == salts(head, 16))
        .filter(|frame| frame[4..8] != [0; 4])
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn those_that_wait_together_share_a_commit() {
    const CLAIMS: usize = 64;
    let file = File::new();
    let store = file.store().await;
    claimed(&store, &fresh()).await;
    let before = commits(&file);
    let mut tasks = JoinSet::new();
    for _ in 0..CLAIMS {
        let store = store.clone();
        tasks.spawn(async move { finish(&store, &fresh(), &answer("shared")).await });
    }
    tasks.join_all().await;
    let commits = commits(&file) - before;
    assert!(
        commits < CLAIMS,
        "{commits} commits for {CLAIMS} claims and completions"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_verb_is_one_commit_and_a_replay_is_none() {
    let file = File::new();
    let store = file.store().await;
    let claim = fresh();
    let mut before = commits(&file);
    let mut costs = |verb: &str, expected: usize| {
        let now = commits(&file);
        assert_eq!(now - before, expected, "commits of {verb}");
        before = now;
    };
    let fence = claimed(&store, &claim).await.fence;
    costs("claim", 1);
    running(&store, &claim_of(claim.id)).await;
    costs("a conflict", 0);
    let leases = [(claim.id, claim.token, lease(60_000))];
    assert_eq!(store.extend(&leases).await.unwrap(), [Ownership::Held]);
    costs("extend", 1);
    let stored = answer("stored");
    let complete = || store.complete(&claim.id, &claim.token, fence, &stored, claim.ttl);
    assert_eq!(complete().await.unwrap(), Completion::Stored);
    costs("complete", 1);
    for _ in 0..100 {
        done(&store, &claim_of(claim.id)).await;
    }
    assert_eq!(complete().await.unwrap(), Completion::Stored);
    costs("replays, and a completion sent again", 0);
    let other = fresh();
    claimed(&store, &other).await;
    let release = store.release(&other.id, &other.token, Release::Retry);
    assert_eq!(release.await.unwrap(), Ownership::Held);
    costs("claim and release", 2);
}

/// Callers that leave take nothing with them.
#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_was_given_up_is_released_by_its_token() {
    let file = File::new();
    let store = file.store().await;
    for _ in 0..50 {
        let claim = fresh();
        // One poll: the claim is on its way.
        let given_up = tokio::time::timeout(Duration::from_micros(1), store.claim(&claim));
        let _ = given_up.await;
        let _ = store
            .release(&claim.id, &claim.token, Release::Retry)
            .await
            .unwrap();
        tokio::time::sleep(Duration::from_millis(1)).await;
        let next = store.claim(&claim_of(claim.id)).await.unwrap();
        assert!(
            matches!(next, idempotent_runtime::outcome::ClaimOutcome::Claimed(_)),
            "{next:?}"
        );
    }
}

/// The task that writes ends with its runtime; the next caller has another.
#[test]
fn a_runtime_that_ends_takes_nobody_with_it() {
    let runtime = || {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap()
    };
    let file = File::new();
    let stays = runtime();
    let store: SqliteStore = stays.block_on(file.store());
    for _ in 0..10 {
        let ends = runtime();
        for _ in 0..16 {
            let store = store.clone();
            ends.spawn(async move { store.claim(&fresh()).await });
        }
        let claim = fresh();
        ends.block_on(async { store.claim(&claim).await.unwrap() });
        ends.shutdown_background();
        let claim = fresh();
        let mut tries = 0;
        // What the ending runtime's task had in hand is an error, no more.
        while let Err(error) = stays.block_on(async { store.claim(&claim).await }) {
            tries += 1;
            assert!(tries < 20, "{error:?}");
        }
    }
}
