//! Processes that share a file: one is killed in mid-flight, one holds the
//! lock for too long.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use idempotent_runtime::outcome::Completion;
use idempotent_runtime::record::RecordId;
use idempotent_runtime::store::StoreError;
use idempotent_runtime::{SqliteStore, Store};
use sqlx::Connection;
use sqlx::sqlite::SqlitePoolOptions;

use crate::file::File;
use crate::records::{answer, claim_of, claimed, done, finish, fresh};

/// Tells the child, which is this test again, where the file lies.
const URL: &str = "IDEMPOTENT_TEST_SQLITE_CHILD";

/// Completes records until it is killed, and says so of each.
async fn child(url: &str) {
    let store = SqliteStore::connect(url).await.unwrap();
    store.migrate().await.unwrap();
    for _ in 0..4 {
        let store = store.clone();
        tokio::spawn(async move {
            loop {
                let claim = fresh();
                finish(&store, &claim, &answer(&claim.id.to_string())).await;
                println!("stored {}", claim.id);
            }
        });
    }
    std::future::pending::<()>().await;
}

fn id(hex: &str) -> RecordId {
    let byte = |at: usize| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap();
    RecordId::from_bytes(std::array::from_fn(byte))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_process_stored_is_there() {
    if let Ok(url) = std::env::var(URL) {
        return child(&url).await;
    }
    let file = File::new();
    let mut stored = Vec::new();
    for round in 0..6 {
        let name = "processes::what_a_killed_process_stored_is_there";
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([name, "--exact", "--nocapture", "--test-threads=1"])
            .env(URL, file.url())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        // Killed after some of them, at no particular moment.
        for line in output.lines().map_while(Result::ok) {
            if let Some(hex) = line.strip_prefix("stored ").filter(|hex| hex.len() == 64) {
                stored.push(id(hex));
            }
            if stored.len() >= 40 * (round + 1) {
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
    }
    assert!(stored.len() >= 240);
    let store = file.store().await;
    store.check().await.unwrap();
    for id in stored {
        assert_eq!(
            done(&store, &claim_of(id)).await.answer,
            answer(&id.to_string())
        );
    }
    assert_eq!(
        file.number("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'")
            .await,
        1
    );
}

/// A transaction elsewhere, longer than the busy timeout.
#[tokio::test(flavor = "multi_thread")]
async fn a_lock_that_is_held_for_too_long_is_told_and_replays_go_on() {
    let file = File::new();
    let finished = fresh();
    finish(&file.store().await, &finished, &answer("stored")).await;
    let options = file.options().busy_timeout(Duration::from_millis(300));
    let pool = SqlitePoolOptions::new()
        .max_connections(3)
        .connect_lazy_with(options);
    let store = SqliteStore::new(pool);
    let mut other = file.connection().await;
    let lock = other.begin_with("BEGIN IMMEDIATE").await.unwrap();

    let claims: Vec<_> = (0..4).map(|_| fresh()).collect();
    let refused = claims.iter().map(|claim| store.claim(claim));
    for refused in refused.collect::<Vec<_>>() {
        let error = refused.await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
        let why = std::error::Error::source(&error).unwrap().to_string();
        assert!(why.contains("busy timeout"), "{why}");
        done(&store, &claim_of(finished.id)).await;
    }
    lock.rollback().await.unwrap();
    for claim in &claims {
        let fence = claimed(&store, claim).await.fence;
        let stored = answer("after all");
        let completed = store.complete(&claim.id, &claim.token, fence, &stored, claim.ttl);
        assert_eq!(completed.await.unwrap(), Completion::Stored);
    }
}
