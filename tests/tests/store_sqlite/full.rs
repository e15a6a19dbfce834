//! A file that may not grow: new claims are refused with nothing evicted, what
//! is stored is replayed, and what ran is recorded once there is room.

use std::error::Error;

use idempotent_runtime::outcome::{ClaimOutcome, Completion};
use idempotent_runtime::store::StoreError;
use idempotent_runtime::{SqliteStore, Store};
use sqlx::sqlite::SqlitePoolOptions;
use tokio::task::JoinSet;

use crate::file::File;
use crate::records::{answer, claim_of, claimed, done, finish, fresh, running};

/// A store on a file that holds at most so many pages.
async fn bounded(file: &File, pages: u32) -> SqliteStore {
    let options = file.options().pragma("max_page_count", pages.to_string());
    let pool = SqlitePoolOptions::new()
        .max_connections(4)
        .connect_lazy_with(options);
    let store = SqliteStore::new(pool);
    store.migrate().await.unwrap();
    store
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_file_refuses_claims_and_keeps_what_it_has() {
    let file = File::new();
    let store = bounded(&file, 60).await;
    let (finished, runs) = (fresh(), fresh());
    finish(&store, &finished, &answer("kept")).await;
    let fence = claimed(&store, &runs).await.fence;

    let mut count = 0;
    let full = loop {
        match store.claim(&fresh()).await {
            Ok(_) => count += 1,
            Err(error) => break error,
        }
    };
    assert!(count > 100, "{count}");
    assert!(matches!(full, StoreError::Full { .. }), "{full:?}");

    done(&store, &claim_of(finished.id)).await;
    running(&store, &claim_of(runs.id)).await;
    // Its answer does not fit: an error that says so, and worth another try.
    let large = answer(&"x".repeat(100_000));
    let error = store
        .complete(&runs.id, &runs.token, fence, &large, runs.ttl)
        .await
        .unwrap_err();
    let StoreError::Unavailable {
        verb: "complete", ..
    } = &error
    else {
        panic!("{error:?}");
    };
    let why = error.source().unwrap().to_string();
    assert!(why.contains("max_page_count"), "{why}");
    running(&store, &claim_of(runs.id)).await;

    let roomy = file.store().await;
    let completed = roomy.complete(&runs.id, &runs.token, fence, &large, runs.ttl);
    assert_eq!(completed.await.unwrap(), Completion::Stored);
    assert_eq!(done(&store, &claim_of(runs.id)).await.answer, large);
}

/// Those that share a commit with one that does not fit.
#[tokio::test(flavor = "multi_thread")]
async fn one_that_does_not_fit_takes_no_other_with_it() {
    let file = File::new();
    let store = bounded(&file, 120).await;
    let large = answer(&"x".repeat(1_000_000));
    let mut tasks = JoinSet::new();
    for number in 0..64 {
        let (store, large) = (store.clone(), large.clone());
        tasks.spawn(async move {
            let claim = fresh();
            let fence = claimed(&store, &claim).await.fence;
            let (small, too_large) = (answer("fits"), number % 8 == 0);
            let given = if too_large { &large } else { &small };
            let completed = store
                .complete(&claim.id, &claim.token, fence, given, claim.ttl)
                .await;
            if too_large {
                assert!(
                    matches!(completed, Err(StoreError::Unavailable { .. })),
                    "{completed:?}"
                );
                running(&store, &claim_of(claim.id)).await;
            } else {
                assert_eq!(completed.unwrap(), Completion::Stored);
                done(&store, &claim_of(claim.id)).await;
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
    // The pool's connections are as good as new.
    for _ in 0..10 {
        let outcome = store.claim(&fresh()).await.unwrap();
        assert!(matches!(outcome, ClaimOutcome::Claimed(_)));
    }
}
