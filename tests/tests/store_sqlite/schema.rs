//! The schema: created by many at once, taken over with its records, checked.

use idempotent_runtime::store::StoreError;
use idempotent_runtime::{Answer, SqliteStore, Store};
use tokio::task::JoinSet;

use crate::file::File;
use crate::records::{answer, claim_of, claimed, done, finish, fresh, id_of};

/// Version 1 of the schema, with a finished record as version 1 wrote it.
const VERSIONS: &str =
    include_str!("../../../idempotent-runtime/src/store/sqlite/migrations/versions.sql");
const VERSION_1: &str =
    include_str!("../../../idempotent-runtime/src/store/sqlite/migrations/0001_records.sql");
const GOLDEN: &str = include_str!("golden_1.sql");

async fn versions(file: &File) -> i64 {
    file.number("SELECT count(*) FROM idempotency_migrations")
        .await
}

/// On a file that is not there yet, and has to be turned to WAL.
#[tokio::test(flavor = "multi_thread")]
async fn eight_processes_may_connect_and_migrate_at_once() {
    for _ in 0..5 {
        let file = File::new();
        let mut tasks = JoinSet::new();
        for _ in 0..8 {
            let url = file.url();
            tasks.spawn(async move {
                let store = SqliteStore::connect(&url).await?;
                store.migrate().await?;
                store.check().await?;
                finish(&store, &fresh(), &answer("it works")).await;
                Ok::<_, StoreError>(())
            });
        }
        while let Some(ended) = tasks.join_next().await {
            ended.unwrap().unwrap();
        }
        assert_eq!(versions(&file).await, 1, "each version once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_of_version_1_is_read() {
    let file = File::new();
    for sql in [VERSIONS, VERSION_1, GOLDEN] {
        file.execute(sql).await;
    }
    file.execute("INSERT INTO idempotency_migrations VALUES ('idempotency_records', 1, '')")
        .await;
    let store = file.store().await;
    store.migrate().await.unwrap();
    store.check().await.unwrap();
    assert_eq!(versions(&file).await, 1);
    let done = done(&store, &claim_of(id_of("golden"))).await;
    assert_eq!(done.answer, Answer::from_bytes(vec![2, 0x7b, 0x7d]));
    assert_eq!(
        done.trace,
        Some(std::array::from_fn(|n| u8::try_from(n).unwrap()))
    );
    let view = store.inspect(&id_of("golden")).await.unwrap().unwrap();
    assert_eq!(
        (&*view.operation, &*view.owner),
        ("tests::operation", "web-1")
    );
    assert_eq!(
        (view.fence.get(), view.attempts),
        (1_700_000_000_000_000, 2)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_was_made_by_hand_is_taken_over() {
    let file = File::new();
    file.execute(VERSION_1).await;
    let store = SqliteStore::connect(&file.url()).await.unwrap();
    store.check().await.unwrap();
    claimed(&store, &fresh()).await;
    store.migrate().await.unwrap();
    store.check().await.unwrap();
    assert_eq!(versions(&file).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tables_of_a_file_have_versions_of_their_own() {
    let file = File::new();
    for name in ["first_records", "Order"] {
        let store = SqliteStore::new(file.pool(1)).table(name).unwrap();
        store.migrate().await.unwrap();
        store.check().await.unwrap();
        claimed(&store, &fresh()).await;
    }
    assert_eq!(versions(&file).await, 2);
    let indexes = "SELECT count(*) FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL";
    assert_eq!(file.number(indexes).await, 4);
    assert!(SqliteStore::new(file.pool(1)).table("a;b").is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_names_what_is_missing_and_the_mend() {
    let file = File::new();
    let store = SqliteStore::connect(&file.url()).await.unwrap();
    let complaint = || async {
        match store.check().await {
            Err(StoreError::Misconfigured { what }) => what,
            other => panic!("{other:?}"),
        }
    };
    let what = complaint().await;
    assert!(
        what.contains("no table idempotency_records") && what.contains("migrate"),
        "{what}"
    );

    let cases = [
        (
            "    trace       BLOB,                         -- 25 bytes\n",
            "",
            "no column trace",
        ),
        (
            "owner       TEXT ",
            "owner       BLOB ",
            "owner (BLOB instead of TEXT)",
        ),
        (
            "NOT NULL PRIMARY KEY",
            "NOT NULL",
            "the primary key of the table",
        ),
    ];
    for (right, wrong, expected) in cases {
        let schema = VERSION_1
            .replace(right, wrong)
            .replace("STRICT, WITHOUT ROWID", "STRICT");
        file.execute(&schema).await;
        let what = complaint().await;
        assert!(what.contains(expected), "{expected}: {what}");
        file.execute("DROP TABLE idempotency_records").await;
    }
    store.migrate().await.unwrap();
    store.check().await.unwrap();
}
