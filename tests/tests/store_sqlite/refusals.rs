//! Bad configuration: a clear error each, with the mend.

use std::error::Error;

use idempotent_runtime::store::StoreError;
use idempotent_runtime::{Fence, SqliteStore, Store};
use sqlx::sqlite::{SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::file::File;
use crate::records::{answer, claim_of, finish, fresh};

fn misconfigured<T: std::fmt::Debug>(answer: Result<T, StoreError>) -> String {
    match answer {
        Err(StoreError::Misconfigured { what }) => what,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_table_is_named_by_every_verb() {
    let file = File::new();
    let store = SqliteStore::new(file.pool(2)).table("nowhere").unwrap();
    let (claim, answer, fence) = (fresh(), answer("a"), Fence::new(1));
    let leases = [(claim.id, claim.token, claim.lease)];
    let errors = [
        store.claim(&claim).await.map(drop),
        store.extend(&leases).await.map(drop),
        store
            .complete(&claim.id, &claim.token, fence, &answer, claim.ttl)
            .await
            .map(drop),
        store.inspect(&claim.id).await.map(drop),
        store.sweep(1).await.map(drop),
    ];
    for error in errors {
        let what = misconfigured(error);
        assert!(
            what.contains("no table nowhere") && what.contains("migrate"),
            "{what}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_only_read_takes_no_claims() {
    let file = File::new();
    let finished = fresh();
    // Its connections stay open: the last to close would remove the log.
    let writing = file.store().await;
    finish(&writing, &finished, &answer("stored")).await;
    let pool = SqlitePoolOptions::new()
        .connect_lazy_with(file.options().create_if_missing(false).read_only(true));
    let store = SqliteStore::new(pool);
    let claim = fresh();
    for error in [
        store.claim(&claim).await.map(drop),
        store.sweep(1).await.map(drop),
        store.check().await,
    ] {
        let what = misconfigured(error);
        assert!(what.contains("may not write"), "{what}");
    }
    crate::records::done(&store, &claim_of(finished.id)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_url_is_told() {
    let file = File::new();
    std::fs::write(
        file.path(),
        "no database, but long enough to be taken for one ".repeat(40),
    )
    .unwrap();
    let missing = file.path().with_file_name("missing").join("records.db");
    let cases = [
        (
            "postgres://canary:hunter2@host/db".to_owned(),
            "the URL of a SQLite store",
        ),
        (
            format!("sqlite:{}", missing.display()),
            "its directory exists",
        ),
        (
            format!(
                "sqlite:{}?mode=rw",
                file.path().with_extension("gone").display()
            ),
            "cannot be opened",
        ),
        ("sqlite:file.db?mode=hunter2".to_owned(), "cannot be used"),
        (file.url(), "no SQLite database"),
        ("sqlite::memory:".to_owned(), "MemoryStore"),
    ];
    for (url, expected) in cases {
        let error = SqliteStore::connect(&url).await.unwrap_err();
        let said = format!("{error} {error:?} {:?}", error.source());
        assert!(said.contains(expected), "{expected}: {said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_the_promises_rest_on_are_checked() {
    let file = File::new();
    let store = file.store().await;
    store.check().await.unwrap();
    let cases = [
        (
            file.options().synchronous(SqliteSynchronous::Normal),
            "below FULL",
        ),
        (
            file.options().busy_timeout(std::time::Duration::ZERO),
            "busy timeout",
        ),
    ];
    for (options, expected) in cases {
        let store = SqliteStore::new(SqlitePoolOptions::new().connect_lazy_with(options));
        let what = misconfigured(store.check().await);
        assert!(what.contains(expected), "{expected}: {what}");
    }
    let other = File::new();
    let options = other.options().journal_mode(SqliteJournalMode::Delete);
    let store = SqliteStore::new(SqlitePoolOptions::new().connect_lazy_with(options));
    let what = misconfigured(store.check().await);
    assert!(what.contains("journal mode is `delete`"), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_this_version_did_not_write_is_corrupt() {
    let file = File::new();
    let store = file.store().await;
    let claim = fresh();
    finish(&store, &claim, &answer("a")).await;
    file.execute("UPDATE idempotency_records SET fingerprint = x'01'")
        .await;
    let error = store.claim(&claim_of(claim.id)).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_any_text_are_kept() {
    let file = File::new();
    let store = file.store().await;
    let mut claim = fresh();
    claim.owner = "web\"1\0\\ü";
    claim.operation = "[\"pay\"]";
    crate::records::claimed(&store, &claim).await;
    let view = store.inspect(&claim.id).await.unwrap().unwrap();
    assert_eq!(
        (&*view.operation, &*view.owner),
        (claim.operation, claim.owner)
    );
    let shown = format!("{store:?}");
    assert_eq!(shown, "SqliteStore { table: \"idempotency_records\", .. }");
}
