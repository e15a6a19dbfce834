//! What a clock that ticks once a millisecond must not spoil.

use idempotent_runtime::outcome::{Completion, Operated, Previous};
use idempotent_runtime::{SqliteStore, Store};
use sqlx::sqlite::{SqlitePoolOptions, SqliteSynchronous};

use crate::file::File;
use crate::records::{answer, claim_of, claimed, finish, fresh, ttl};

#[tokio::test(flavor = "multi_thread")]
async fn a_record_past_its_ttl_tells_how_long_ago_it_expired() {
    let file = File::new();
    let store = file.store().await;
    let mut claim = fresh();
    claim.ttl = ttl(2_000);
    finish(&store, &claim, &answer("old")).await;
    file.execute("UPDATE idempotency_records SET expires_at = expires_at - 62000000")
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

/// Without waiting for the disk, many claims fall into one tick.
#[tokio::test(flavor = "multi_thread")]
async fn fences_rise_within_a_tick_through_release_and_forget() {
    let file = File::new();
    let options = file.options().synchronous(SqliteSynchronous::Off);
    let store = SqliteStore::new(SqlitePoolOptions::new().connect_lazy_with(options));
    store.migrate().await.unwrap();
    let id = fresh().id;
    let mut last = None;
    for _ in 0..200 {
        let claim = claim_of(id);
        let fence = claimed(&store, &claim).await.fence;
        assert!(Some(fence) > last, "{fence} after {last:?}");
        last = Some(fence);
        let stored = answer("a");
        let completed = store.complete(&id, &claim.token, fence, &stored, claim.ttl);
        assert_eq!(completed.await.unwrap(), Completion::Stored);
        assert_eq!(store.forget(&id, fence).await.unwrap(), Operated::Applied);
    }
}

/// The clock was set back: a fence would fall, so nothing is deleted.
#[tokio::test(flavor = "multi_thread")]
async fn a_record_from_the_future_is_not_forgotten() {
    let file = File::new();
    let store = file.store().await;
    let claim = fresh();
    finish(&store, &claim, &answer("a")).await;
    file.execute("UPDATE idempotency_records SET fence = fence + 3600000000")
        .await;
    let view = store.inspect(&claim.id).await.unwrap().unwrap();
    let error = store.forget(&claim.id, view.fence).await.unwrap_err();
    let why = std::error::Error::source(&error).unwrap().to_string();
    assert!(why.contains("clock was set back"), "{why}");
    assert!(store.inspect(&claim.id).await.unwrap().is_some());
}
