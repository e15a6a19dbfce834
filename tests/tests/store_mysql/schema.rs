//! The schema: created by many at once, taken over with its records, checked.

use idempotent_runtime::outcome::Previous;
use idempotent_runtime::store::StoreError;
use idempotent_runtime::{Answer, MySqlStore, Store};
use sqlx::mysql::MySqlPoolOptions;

use crate::database::Database;
use crate::records::{answer, claim_of, claimed, done, finish, fresh, id_of, ttl};

/// How many versions of the schema there are.
const VERSIONS_NOW: i64 = 2;
/// Version 1 of the schema, with a finished record as version 1 wrote it.
const VERSIONS: &str =
    include_str!("../../../idempotent-runtime/src/store/mysql/migrations/versions.sql");
const VERSION_1: &str =
    include_str!("../../../idempotent-runtime/src/store/mysql/migrations/0001_records.sql");
const GOLDEN: &str = include_str!("golden_1.sql");

async fn versions(database: &Database) -> i64 {
    database
        .number("SELECT count(*) FROM idempotency_migrations")
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_processes_may_migrate_at_once() {
    for _ in 0..3 {
        let database = Database::create().await;
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let store = MySqlStore::new(database.pool(1));
                tokio::spawn(async move { store.migrate().await })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        assert_eq!(versions(&database).await, VERSIONS_NOW, "each version once");
        let store = MySqlStore::new(database.pool(2));
        store.check().await.unwrap();
        finish(&store, &fresh(), &answer("it works")).await;
    }
}

/// A pool keeps its connections, and none of them the lock.
#[tokio::test(flavor = "multi_thread")]
async fn a_migration_leaves_no_lock_behind() {
    let database = Database::create().await;
    let stays = database.store(1).await;
    for _ in 0..3 {
        database.store(1).await;
    }
    stays.check().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_of_version_1_is_read() {
    let database = Database::create().await;
    for sql in [VERSIONS, VERSION_1, GOLDEN] {
        database.execute(sql).await;
    }
    let store = database.store(2).await;
    store.migrate().await.unwrap();
    store.check().await.unwrap();
    assert_eq!(versions(&database).await, VERSIONS_NOW);
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
async fn two_tables_of_a_database_have_versions_of_their_own() {
    let database = Database::create().await;
    for name in ["first_records", "Order"] {
        let store = MySqlStore::new(database.pool(1)).table(name).unwrap();
        store.migrate().await.unwrap();
        store.check().await.unwrap();
        claimed(&store, &fresh()).await;
    }
    assert_eq!(versions(&database).await, 2 * VERSIONS_NOW);
    assert!(MySqlStore::new(database.pool(1)).table("a.b").is_err());
}

async fn complaint(store: &MySqlStore) -> String {
    match store.check().await {
        Err(StoreError::Misconfigured { what }) => what,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_names_what_is_missing_and_the_mend() {
    let database = Database::create().await;
    let store = MySqlStore::new(database.pool(2));
    let what = complaint(&store).await;
    assert!(
        what.contains("no table idempotency_records") && what.contains("migrate"),
        "{what}"
    );

    store.migrate().await.unwrap();
    let cases = [
        (
            "DROP COLUMN trace",
            "ADD COLUMN trace BINARY(25) NULL",
            "no column trace",
        ),
        (
            "MODIFY owner VARCHAR(9) NOT NULL",
            "MODIFY owner TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL",
            "owner (varchar(9) instead of text)",
        ),
        (
            "DROP PRIMARY KEY",
            "ADD PRIMARY KEY (id)",
            "the primary key of the table",
        ),
        ("ENGINE = MyISAM", "ENGINE = InnoDB", "ENGINE = InnoDB"),
    ];
    for (wrong, right, expected) in cases {
        database
            .execute(&format!("ALTER TABLE idempotency_records {wrong}"))
            .await;
        let what = complaint(&store).await;
        assert!(what.contains(expected), "{expected}: {what}");
        database
            .execute(&format!("ALTER TABLE idempotency_records {right}"))
            .await;
        store.check().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_counts_what_transactions_lock() {
    let database = Database::create().await;
    let store = database.store(1).await;
    database
        .execute("DELETE FROM idempotency_records_slots WHERE slot < 3")
        .await;
    let what = complaint(&store).await;
    assert!(what.contains("65533 rows instead of 65536"), "{what}");
    database
        .execute("DROP TABLE idempotency_records_slots")
        .await;
    let what = complaint(&store).await;
    assert!(what.contains("no table of slots"), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mode_that_changes_what_an_update_means_is_refused() {
    let database = Database::create().await;
    database.store(1).await;
    let pool = MySqlPoolOptions::new()
        .after_connect(|connection, _| {
            let set = "SET SESSION sql_mode = 'SIMULTANEOUS_ASSIGNMENT'";
            Box::pin(async move { sqlx::raw_sql(set).execute(connection).await.map(drop) })
        })
        .connect_lazy_with(database.options.clone());
    let what = complaint(&MySqlStore::new(pool)).await;
    assert!(what.contains("SIMULTANEOUS_ASSIGNMENT"), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_past_its_ttl_tells_how_long_ago_it_expired() {
    let database = Database::create().await;
    for store in [
        database.store(2).await,
        MySqlStore::new(database.pool(2)).without_returning(),
    ] {
        let mut claim = fresh();
        claim.ttl = ttl(2_000);
        finish(&store, &claim, &answer("old")).await;
        database
            .execute("UPDATE idempotency_records SET expires_at = expires_at - 62000000")
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
        assert!((60..90).contains(&ago.as_secs()), "{ago:?}");
        // The same claim, sent again, knows that it had, but not when.
        let repeated = claimed(&store, &again).await.previous;
        assert!(matches!(repeated, Previous::Expired { ago, .. } if ago.is_zero()));
    }
}
