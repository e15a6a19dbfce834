//! The schema: created by many at once, upgraded with its records, and checked.

use idempotent_runtime::store::StoreError;
use idempotent_runtime::{Answer, PostgresStore, Store};

use crate::database::Database;
use crate::records::{answer, claim_of, claimed, done, finish, fresh, id_of};

/// Version 1 of the schema, with a finished record as version 1 wrote it.
const VERSIONS: &str =
    include_str!("../../../idempotent-runtime/src/store/postgres/migrations/versions.sql");
const VERSION_1: &str =
    include_str!("../../../idempotent-runtime/src/store/postgres/migrations/0001_records.sql");
const GOLDEN: &str = include_str!("golden_1.sql");

async fn versions(database: &Database) -> i64 {
    let sql = "SELECT count(*) FROM idempotency_migrations";
    database.number(sql).await
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_processes_may_migrate_at_once() {
    let database = Database::create().await;
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let store = PostgresStore::new(database.pool(1));
            tokio::spawn(async move { store.migrate().await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(versions(&database).await, 2, "each version once");
    let store = PostgresStore::new(database.pool(2));
    store.check().await.unwrap();
    finish(&store, &fresh(), &answer("it works")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_table_is_upgraded_with_its_records() {
    let database = Database::create().await;
    database.execute(VERSIONS).await;
    database.execute(VERSION_1).await;
    database
        .execute("INSERT INTO idempotency_migrations VALUES ('idempotency_records', 1)")
        .await;
    database.execute(GOLDEN).await;

    let store = PostgresStore::new(database.pool(2));
    store.migrate().await.unwrap();
    store.migrate().await.unwrap();

    store.check().await.unwrap();
    assert_eq!(versions(&database).await, 2);
    let done = done(&store, &claim_of(id_of("golden"))).await;
    assert_eq!(done.answer, Answer::from_bytes(vec![2, 0x7b, 0x7d]));
    let trace: Vec<u8> = (0..25).collect();
    assert_eq!(done.trace.unwrap().as_slice(), trace);
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
    let database = Database::create().await;
    database.execute(VERSION_1).await;
    let store = PostgresStore::new(database.pool(2));
    store.check().await.unwrap();
    claimed(&store, &fresh()).await;
    store.migrate().await.unwrap();
    store.check().await.unwrap();
    assert_eq!(versions(&database).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tables_of_a_database_have_versions_of_their_own() {
    let database = Database::create().await;
    for name in ["first_records", "public.second_records"] {
        let store = PostgresStore::new(database.pool(1)).table(name).unwrap();
        store.migrate().await.unwrap();
        store.check().await.unwrap();
        claimed(&store, &fresh()).await;
    }
    assert_eq!(versions(&database).await, 4);
    let indexes = "SELECT count(*) FROM pg_indexes WHERE indexname LIKE '%\\_records\\_%'";
    assert_eq!(database.number(indexes).await, 6);
}

async fn complaint(store: &PostgresStore) -> String {
    match store.check().await {
        Err(StoreError::Misconfigured { what }) => what,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_names_what_is_missing_and_the_mend() {
    let database = Database::create().await;
    let store = PostgresStore::new(database.pool(2));
    let what = complaint(&store).await;
    assert!(what.contains("no table idempotency_records"), "{what}");
    assert!(what.contains("migrate"), "{what}");

    store.migrate().await.unwrap();
    let cases = [
        (
            "DROP COLUMN trace",
            "ADD COLUMN trace bytea",
            "no column trace",
        ),
        (
            "ALTER COLUMN owner TYPE varchar(9)",
            "ALTER COLUMN owner TYPE text",
            "owner (character varying instead of text)",
        ),
        (
            "DROP CONSTRAINT idempotency_records_pkey",
            "ADD PRIMARY KEY (id)",
            "no unique index on id",
        ),
    ];
    for (break_it, mend_it, said) in cases {
        database
            .execute(&format!("ALTER TABLE idempotency_records {break_it}"))
            .await;
        let what = complaint(&store).await;
        assert!(what.contains(said), "{said}: {what}");
        database
            .execute(&format!("ALTER TABLE idempotency_records {mend_it}"))
            .await;
        store.check().await.unwrap();
    }
}
