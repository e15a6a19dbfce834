//! What each verb costs the server: statements, and what it writes.

use idempotent_runtime::outcome::{Completion, Ownership, Release};
use idempotent_runtime::store::TransactionalStore;
use idempotent_runtime::{MySqlStore, Store};
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, Row};
use xtask::servers::{MariaDb, Scratch, Server};

use crate::database::Database;
use crate::records::{answer, claim_of, claimed, done, fresh, lease, running};
use crate::transactions::{opened, record};

/// A counter of the whole server, which is this test's own.
async fn counter(name: &str, url: &str) -> u64 {
    let mut connection = MySqlConnection::connect(url).await.unwrap();
    let sql = format!("SHOW GLOBAL STATUS LIKE '{name}'");
    let row = sqlx::raw_sql(AssertSqlSafe(sql))
        .fetch_one(&mut connection)
        .await
        .unwrap();
    row.get::<String, _>(1).parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_verb_is_as_many_statements_as_the_documentation_says() {
    let scratch = Scratch::new().unwrap();
    let server = MariaDb::start(&scratch.join("mysql")).unwrap();
    let database = Database::create_on(&server.url()).await;
    let executed = || counter("Com_stmt_execute", &database.url);
    for (store, to_claim) in [
        (database.store(1).await, 2),
        (MySqlStore::new(database.pool(1)).without_returning(), 3),
    ] {
        // Asks what the server is, once.
        claimed(&store, &fresh()).await;
        let claim = fresh();
        let mut before = executed().await;
        let mut costs = async |verb: &str, expected: u64| {
            let now = executed().await;
            assert_eq!(now - before, expected, "statements of {verb}");
            before = now;
        };
        let fence = claimed(&store, &claim).await.fence;
        costs("claim", to_claim).await;
        running(&store, &claim_of(claim.id)).await;
        costs("a conflict", 1).await;
        let leases = [(claim.id, claim.token, lease(60_000))];
        assert_eq!(store.extend(&leases).await.unwrap(), [Ownership::Held]);
        costs("extend", 1).await;
        let stored = answer("stored");
        let completed = store.complete(&claim.id, &claim.token, fence, &stored, claim.ttl);
        assert_eq!(completed.await.unwrap(), Completion::Stored);
        costs("complete", 1).await;
        done(&store, &claim_of(claim.id)).await;
        costs("a replay", 1).await;
        let other = fresh();
        claimed(&store, &other).await;
        costs("claim", to_claim).await;
        let released = store.release(&other.id, &other.token, Release::Retry);
        assert_eq!(released.await.unwrap(), Ownership::Held);
        costs("release", 1).await;
    }
    replays_write_nothing(&database).await;
}

/// Each attempt in a transaction: begin, claim, answer, commit.
#[tokio::test(flavor = "multi_thread")]
async fn a_transactions_claim_and_answer_are_one_round_trip_each() {
    let scratch = Scratch::new().unwrap();
    let server = MariaDb::start(&scratch.join("mysql")).unwrap();
    let database = Database::create_on(&server.url()).await;
    let executed = || counter("Com_stmt_execute", &database.url);
    database.store(1).await;
    for (store, to_record, to_replace) in [
        (MySqlStore::new(database.pool(1)), 1, 1),
        // Besides, it asks whether the transaction is open.
        (MySqlStore::new(database.pool(1)).without_returning(), 1, 2),
    ] {
        let mut released = fresh();
        claimed(&store, &released).await;
        let given_back = store.release(&released.id, &released.token, Release::Retry);
        assert_eq!(given_back.await.unwrap(), Ownership::Held);
        released = claim_of(released.id);
        for (claim, to_record) in [(fresh(), to_record), (released, to_replace)] {
            let mut before = executed().await;
            let mut costs = async |verb: &str, expected: u64| {
                let now = executed().await;
                assert_eq!(now - before, expected, "statements of {verb}");
                before = now;
            };
            let (mut tx, won) = opened(&store, &claim).await;
            costs("begin and claim", 1).await;
            let recorded = record(&store, &mut tx, &claim, &won).await;
            assert_eq!(recorded.unwrap(), Ownership::Held);
            costs("the answer", to_record).await;
            store.commit(tx).await.unwrap();
            costs("commit", 0).await;
        }
    }
}

async fn replays_write_nothing(database: &Database) {
    let store = MySqlStore::new(database.pool(1));
    let claim = fresh();
    crate::records::finish(&store, &claim, &answer("stored")).await;
    let mut written = Vec::new();
    // The server writes of its own accord now and then, never five times in a
    // row; a replay that wrote would do so each time.
    for _ in 0..5 {
        let log = counter("Innodb_lsn_current", &database.url).await;
        for _ in 0..100 {
            done(&store, &claim_of(claim.id)).await;
        }
        written.push(counter("Innodb_lsn_current", &database.url).await - log);
    }
    assert!(
        written.contains(&0),
        "bytes of log for 100 replays: {written:?}"
    );
}

/// Processes whose sessions have other time zones agree on the time.
#[tokio::test(flavor = "multi_thread")]
async fn the_time_is_the_same_in_every_time_zone() {
    let database = Database::create().await;
    let here = database.store(1).await;
    let claim = fresh();
    let fence = claimed(&here, &claim).await.fence;
    for zone in ["+11:00", "-11:00"] {
        let options = database.options.clone().timezone(Some(zone.to_owned()));
        let pool = sqlx::mysql::MySqlPoolOptions::new().connect_lazy_with(options);
        let there = MySqlStore::new(pool);
        let seen = running(&there, &claim_of(claim.id)).await;
        assert!(seen.age.as_secs() < 60, "{seen:?}");
        assert!((1..=30).contains(&seen.remaining.as_secs()), "{seen:?}");
        let next = claimed(&there, &fresh()).await.fence;
        assert!(next > fence && next.get() - fence.get() < 60_000_000);
    }
}
