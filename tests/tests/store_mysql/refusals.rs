//! Bad configuration and a server in trouble: a clear error each, with the
//! mend, and without a word of the URL's userinfo.

use std::error::Error;

use idempotent_runtime::store::StoreError;
use idempotent_runtime::{Fence, MySqlStore, Store};
use sqlx::mysql::MySqlPoolOptions;

use crate::database::Database;
use crate::records::{answer, claim_of, claimed, done, finish, fresh};

/// All that an error says, in every way that it can be shown.
fn said(error: &StoreError) -> String {
    let mut said = vec![format!("{error} {error:?}")];
    let mut source = error.source();
    while let Some(inner) = source {
        said.push(format!("{inner} {inner:?}"));
        source = inner.source();
    }
    said.join(" ")
}

fn misconfigured<T: std::fmt::Debug>(answer: Result<T, StoreError>) -> String {
    match answer {
        Err(StoreError::Misconfigured { what }) => what,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_table_is_named_by_every_verb() {
    let database = Database::create().await;
    let store = MySqlStore::new(database.pool(2)).table("nowhere").unwrap();
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
async fn a_user_without_rights_is_told_which_to_grant() {
    let database = Database::create().await;
    let finished = fresh();
    finish(&database.store(1).await, &finished, &answer("stored")).await;
    let name = database.options.get_database().unwrap();
    let user = format!("reader_{name}");
    let identified = "IDENTIFIED BY 'secret'";
    database
        .execute(&format!("CREATE USER {user}@'127.0.0.1' {identified}"))
        .await;
    database
        .execute(&format!("GRANT SELECT ON {name}.* TO {user}@'127.0.0.1'"))
        .await;
    let options = database.options.clone().username(&user).password("secret");
    let store = MySqlStore::new(MySqlPoolOptions::new().connect_lazy_with(options));

    done(&store, &claim_of(finished.id)).await;
    let what = misconfigured(store.claim(&fresh()).await);
    assert!(
        what.contains("GRANT SELECT, INSERT, UPDATE, DELETE"),
        "{what}"
    );
    let what = misconfigured(store.check().await);
    assert!(
        what.contains("GRANT INSERT, UPDATE, DELETE ON `idempotency_records`"),
        "{what}"
    );
    let what = misconfigured(store.table("another").unwrap().migrate().await);
    assert!(what.contains("may not create another"), "{what}");
    database
        .execute(&format!("DROP USER {user}@'127.0.0.1'"))
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
            format!("mysql://canary:hunter2@{host}/{name}"),
            "refused the user",
        ),
        (
            format!("mysql://canary:hunter2@{closed}/{name}"),
            "connection refused",
        ),
        (
            "mysql://canary:hunter2@127.0.0.1:port/x".to_owned(),
            "cannot be used",
        ),
        ("canary:hunter2".to_owned(), "starts with mysql://"),
        (
            format!("mysql://canary:hunter2@{host}/{name}?ssl-mode=hunter2"),
            "cannot be used",
        ),
        (
            format!("{}_gone", database.url),
            "no database of the URL's name",
        ),
    ];
    for (url, expected) in cases {
        let said = said(&MySqlStore::connect(&url).await.unwrap_err());
        assert!(said.contains(expected), "{expected}: {said}");
        for secret in ["canary", "hunter2"] {
            assert!(!said.contains(secret), "{said}");
        }
    }
    let store = MySqlStore::connect(&database.url).await.unwrap();
    store.migrate().await.unwrap();
    claimed(&store, &fresh()).await;
    let shown = format!("{store:?}");
    assert_eq!(shown, "MySqlStore { table: \"idempotency_records\", .. }");
}

/// A trigger says what a server in trouble would.
async fn in_trouble(database: &Database, event: &str, number: u32) {
    database
        .execute(&format!(
            "CREATE OR REPLACE TRIGGER trouble BEFORE {event} ON idempotency_records FOR EACH ROW
             BEGIN
                 SET @tries = IFNULL(@tries, 0) + 1;
                 SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = {number}, MESSAGE_TEXT = 'hunter2';
             END"
        ))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_server_refuses_claims_and_keeps_what_it_has() {
    let database = Database::create().await;
    let store = database.store(2).await;
    let (finished, runs) = (fresh(), fresh());
    finish(&store, &finished, &answer("kept")).await;
    let fence = claimed(&store, &runs).await.fence;
    in_trouble(&database, "INSERT", 1114).await;
    let error = store.claim(&fresh()).await.unwrap_err();
    assert!(matches!(error, StoreError::Full { .. }), "{error:?}");
    done(&store, &claim_of(finished.id)).await;

    in_trouble(&database, "UPDATE", 1114).await;
    let late = answer("late");
    let complete = || store.complete(&runs.id, &runs.token, fence, &late, runs.ttl);
    let error = complete().await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
    assert!(said(&error).contains("is full"), "{}", said(&error));
    assert!(!said(&error).contains("hunter2"), "{}", said(&error));
    database.execute("DROP TRIGGER trouble").await;
    complete().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadlock_is_tried_again_and_told_in_the_end() {
    let database = Database::create().await;
    let pool = database.pool(1);
    let store = MySqlStore::new(pool.clone());
    store.migrate().await.unwrap();
    for number in [1213, 1205] {
        in_trouble(&database, "INSERT", number).await;
        let error = store.claim(&fresh()).await.unwrap_err();
        assert!(
            said(&error).contains("in the way, again and again"),
            "{}",
            said(&error)
        );
        let tries: i64 = sqlx::query_scalar("SELECT CAST(@tries AS SIGNED)")
            .fetch_one(&pool)
            .await
            .unwrap();
        assert_eq!(tries, 5, "a bounded number of times");
        sqlx::raw_sql("SET @tries = 0")
            .execute(&pool)
            .await
            .unwrap();
    }
    database.execute("DROP TRIGGER trouble").await;
    claimed(&store, &fresh()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_this_version_did_not_write_is_corrupt() {
    let database = Database::create().await;
    let store = database.store(1).await;
    let claim = fresh();
    finish(&store, &claim, &answer("a")).await;
    database
        .execute("UPDATE idempotency_records SET answer = NULL")
        .await;
    let error = store.claim(&claim_of(claim.id)).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_the_server_does_not_take_is_told() {
    let database = Database::create().await;
    let store = database.store(1).await;
    let claim = fresh();
    let fence = claimed(&store, &claim).await.fence;
    let large = answer(&"x".repeat(17 << 20));
    let complete = store.complete(&claim.id, &claim.token, fence, &large, claim.ttl);
    let what = misconfigured(complete.await);
    assert!(what.contains("max_allowed_packet"), "{what}");
    finish(&store, &fresh(), &answer("the next one")).await;
}
