//! Bad configuration: a clear error each, with the mend, and without a word of
//! the URL's userinfo.

use std::error::Error;
use std::fmt::Write;

use idempotent_runtime::store::StoreError;
use idempotent_runtime::{PostgresStore, Store};
use sqlx::postgres::PgPoolOptions;

use crate::database::Database;
use crate::records::{answer, fresh};

/// All that an error says, in every way that it can be shown.
fn said(error: &StoreError) -> String {
    let mut said = format!("{error} {error:?}");
    let mut source = error.source();
    while let Some(inner) = source {
        write!(said, " {inner} {inner:?}").unwrap();
        source = inner.source();
    }
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_table_is_named_by_every_verb() {
    let database = Database::create().await;
    let store = PostgresStore::new(database.pool(2))
        .table("nowhere")
        .unwrap();
    let (claim, answer) = (fresh(), answer("a"));
    let fence = idempotent_runtime::Fence::new(1);
    let errors = [
        store.claim(&claim).await.map(drop),
        store
            .extend(&[(claim.id, claim.token, claim.lease)])
            .await
            .map(drop),
        store
            .complete(&claim.id, &claim.token, fence, &answer, claim.ttl)
            .await
            .map(drop),
        store.inspect(&claim.id).await.map(drop),
        store.sweep(1).await.map(drop),
    ];
    for error in errors {
        let Err(StoreError::Misconfigured { what }) = &error else {
            panic!("{error:?}");
        };
        assert!(
            what.contains("no table nowhere") && what.contains("migrate"),
            "{what}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_without_rights_is_told_which_to_grant() {
    let database = Database::create().await;
    database.store(1).await;
    let role = format!("reader_{}", database.options.get_database().unwrap());
    database
        .execute(&format!(
            "CREATE ROLE {role} LOGIN PASSWORD 'secret'; GRANT SELECT ON idempotency_records TO {role}"
        ))
        .await;
    let options = database.options.clone().username(&role).password("secret");
    let pool = PgPoolOptions::new()
        .max_connections(2)
        .connect_lazy_with(options);
    let store = PostgresStore::new(pool);

    let claim = fresh();
    for error in [store.claim(&claim).await.map(drop), store.check().await] {
        let Err(StoreError::Misconfigured { what }) = &error else {
            panic!("{error:?}");
        };
        assert!(what.contains("GRANT") && what.contains("INSERT"), "{what}");
    }
    let migrated = store.table("another").unwrap().migrate().await;
    let Err(StoreError::Misconfigured { what }) = &migrated else {
        panic!("{migrated:?}");
    };
    assert!(what.contains("may not create another"), "{what}");

    database
        .execute(&format!(
            "GRANT INSERT, UPDATE, DELETE ON idempotency_records TO {role}"
        ))
        .await;
    let pool = PgPoolOptions::new()
        .connect_lazy_with(database.options.clone().username(&role).password("secret"));
    let store = PostgresStore::new(pool);
    store.check().await.unwrap();
    store.claim(&claim).await.unwrap();
    database
        .execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}"))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schema_that_may_not_be_used_is_told() {
    let database = Database::create().await;
    let role = format!("outsider_{}", database.options.get_database().unwrap());
    database
        .execute(&format!(
            "CREATE SCHEMA hidden; CREATE ROLE {role} LOGIN PASSWORD 'secret'"
        ))
        .await;
    let store = PostgresStore::new(database.pool(1))
        .table("hidden.records")
        .unwrap();
    store.migrate().await.unwrap();
    let options = database.options.clone().username(&role).password("secret");
    let pool = PgPoolOptions::new().connect_lazy_with(options);
    let store = PostgresStore::new(pool).table("hidden.records").unwrap();
    let claim = fresh();
    for error in [store.claim(&claim).await.map(drop), store.check().await] {
        let Err(StoreError::Misconfigured { what }) = &error else {
            panic!("{error:?}");
        };
        assert!(what.contains("USAGE on its schema"), "{what}");
    }
    database
        .execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}"))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_url_is_told_without_its_userinfo() {
    let database = Database::create().await;
    let (_, address) = database.url.rsplit_once('@').unwrap();
    let (host, name) = address.split_once('/').unwrap();
    let closed = {
        let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        socket.local_addr().unwrap()
    };
    let cases = [
        (
            format!("postgres://canary:hunter2@{host}/{name}"),
            "role or password",
        ),
        (
            format!("postgres://canary:hunter2@{closed}/{name}"),
            "connection refused",
        ),
        (
            "postgres://canary:hunter2@127.0.0.1:port/x".to_owned(),
            "cannot be used",
        ),
        ("canary:hunter2".to_owned(), "starts with postgres://"),
        (
            format!("postgres://canary:hunter2@{host}/{name}?sslmode=hunter2"),
            "cannot be used",
        ),
    ];
    for (url, expected) in cases {
        let error = PostgresStore::connect(&url).await.unwrap_err();
        let said = said(&error);
        assert!(said.contains(expected), "{expected}: {said}");
        for secret in ["canary", "hunter2"] {
            assert!(!said.contains(secret), "{said}");
        }
    }
    let nowhere = format!("{}_gone", database.url);
    let error = PostgresStore::connect(&nowhere).await.unwrap_err();
    assert!(said(&error).contains("no database"), "{error:?}");

    let store = PostgresStore::connect(&database.url).await.unwrap();
    store.migrate().await.unwrap();
    store.claim(&fresh()).await.unwrap();
    let shown = format!("{store:?}");
    assert_eq!(
        shown,
        "PostgresStore { table: \"idempotency_records\", .. }"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_cannot_be_stored_is_told() {
    let database = Database::create().await;
    let store = database.store(1).await;
    let mut claim = fresh();
    claim.owner = "web\0one";
    let error = store.claim(&claim).await.unwrap_err();
    assert!(
        matches!(error, StoreError::Misconfigured { .. }),
        "{error:?}"
    );
    assert!(said(&error).contains("without NUL"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_this_version_did_not_write_is_corrupt() {
    let database = Database::create().await;
    let store = database.store(1).await;
    let claim = fresh();
    crate::records::finish(&store, &claim, &answer("a")).await;
    database
        .execute("UPDATE idempotency_records SET fingerprint = '\\x01'")
        .await;
    let error = store
        .claim(&crate::records::claim_of(claim.id))
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
}
