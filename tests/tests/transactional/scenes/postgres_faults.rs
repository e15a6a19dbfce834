//! What PostgreSQL does to an open transaction: it ends an idle one, cancels a
//! slow statement, breaks a deadlock, refuses to serialize, restarts. A clear
//! error each, nothing half-done, and the next try succeeds.

use std::time::Duration;

use axum::http::Method;
use sqlx::postgres::PgPoolOptions;
use tests::{Ask, Reply};
use tokio::time::sleep;
use xtask::servers::{Postgres, Scratch, Server};

use super::database::Database;
use super::totals::{BOUNDS, Service};

async fn database(url: Option<&str>) -> Database {
    let database = match url {
        Some(url) => Database::create_on(url).await,
        None => Database::create().await,
    };
    database.migrate().await;
    let totals = "CREATE TABLE totals (name text PRIMARY KEY, total bigint NOT NULL); \
        INSERT INTO totals VALUES ('a', 0), ('b', 0)";
    database.execute(totals).await;
    database
}

async fn total(database: &Database, name: &str) -> i64 {
    let sql = format!("SELECT total FROM totals WHERE name = '{name}'");
    database.number(&sql).await
}

/// 503, retryable, and it says that nothing was done.
fn assert_rolled_back(reply: &Reply, why: &str) {
    assert_eq!(*reply, (503, "transaction-failed"));
    assert_eq!(reply.header("retry-after"), Some("1"));
    let problem = reply.problem();
    assert_eq!(problem["retryable"], true);
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        detail.contains("nothing was done") && detail.contains(why),
        "{detail}"
    );
}

#[tokio::test]
async fn an_attempt_that_is_silent_for_its_lease_is_ended_and_the_key_is_free() {
    let database = database(None).await;
    let (paused, other) = (
        Service::new(database.options.clone()),
        Service::new(database.options.clone()),
    );
    paused.gate.close();
    let router = paused.router.clone();
    let first = tokio::spawn(Ask::new(router, Method::POST, "/pause").key("k").send());
    paused.gate.entered(1).await;
    assert_eq!(other.post("/pause", "k").await, (409, "in-flight"));
    // The server ends it although its process never wakes.
    let freed = async {
        while other.post("/pause", "k").await.status != 200 {
            sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), freed)
        .await
        .unwrap();
    assert_eq!(total(&database, "a").await, 1);
    paused.gate.open();
    let late = first.await.unwrap();
    // It wakes, and finds the winner's answer or the end of its transaction.
    assert!(late.status == 200 && late.is_replay() || late == (503, "transaction-failed"));
    assert_eq!(total(&database, "a").await, 1);
}

#[tokio::test]
async fn a_statement_beyond_the_lease_is_cancelled() {
    let database = database(None).await;
    let service = Service::new(database.options.clone());
    let cancelled = service.post("/sleepy", "k").await;
    assert_rolled_back(&cancelled, "earlier statement");
    assert_eq!(total(&database, "a").await, 0);
    // The connection is whole again: no bound of ours is left on it.
    assert_eq!(service.post("/transfer/a/b", "l").await.status, 200);
}

#[tokio::test]
async fn the_server_restarts_under_an_open_transaction() {
    let scratch = Scratch::new().unwrap();
    let mut server = Postgres::start(&scratch.join("postgres")).unwrap();
    let database = database(Some(&server.url())).await;
    let service = Service::new(database.options.clone());
    service.gate.close();
    let router = service.router.clone();
    let request = tokio::spawn(
        Ask::new(router, Method::POST, "/transfer/a/b")
            .key("k")
            .send(),
    );
    service.gate.entered(1).await;
    let server = tokio::task::spawn_blocking(move || {
        server.process().kill().unwrap();
        server.process().restart().unwrap();
        server
    });
    let _server = server.await.unwrap();
    service.gate.open();
    assert_rolled_back(&request.await.unwrap(), "did not answer");
    assert_eq!(total(&database, "a").await + total(&database, "b").await, 0);
    let retry = service.post("/transfer/a/b", "k").await;
    assert_eq!(retry.answer(), (200, "from a to b"));
    assert!(!retry.is_replay());
    assert_eq!(total(&database, "a").await + total(&database, "b").await, 2);
}

#[tokio::test]
async fn a_deadlock_costs_one_of_two_a_retry() {
    let database = database(None).await;
    let quick = database
        .options
        .clone()
        .options([("deadlock_timeout", "20ms")]);
    let service = Service::new(quick);
    service.gate.close();
    let requests = ["/transfer/a/b", "/transfer/b/a"].map(|uri| {
        let router = service.router.clone();
        tokio::spawn(Ask::new(router, Method::POST, uri).key(uri).send())
    });
    service.gate.entered(2).await;
    service.gate.open();
    let mut paid = 0;
    for (request, uri) in requests.into_iter().zip(["/transfer/a/b", "/transfer/b/a"]) {
        let reply = request.await.unwrap();
        if reply.status == 200 {
            paid += 1;
        } else {
            assert_rolled_back(&reply, "earlier statement");
            assert_eq!(service.post(uri, uri).await.status, 200);
        }
    }
    assert_eq!(paid, 1);
    assert_eq!(
        (total(&database, "a").await, total(&database, "b").await),
        (2, 2)
    );
}

#[tokio::test]
async fn what_cannot_be_serialized_is_tried_again() {
    for level in ["repeatable read", "serializable"] {
        let database = database(None).await;
        let strict = [("default_transaction_isolation", level)];
        let service = Service::new(database.options.clone().options(strict));
        service.gate.close();
        let router = service.router.clone();
        let slow = tokio::spawn(
            Ask::new(router, Method::POST, "/transfer/b/a")
                .key("k")
                .send(),
        );
        service.gate.entered(1).await;
        // Meanwhile another transaction changes what it is about to change.
        let sql = "UPDATE totals SET total = total + 1 WHERE name = 'a'";
        database.execute(sql).await;
        service.gate.open();
        assert_rolled_back(&slow.await.unwrap(), "earlier statement");
        assert_eq!(total(&database, "b").await, 0, "{level}");
        let retry = service.post("/transfer/b/a", "k").await;
        assert_eq!(retry.answer(), (200, "from b to a"), "{level}");
        assert!(service.post("/transfer/b/a", "k").await.is_replay());
    }
}

#[tokio::test]
async fn a_backend_that_is_ended_by_an_operator_leaves_nothing() {
    let database = database(None).await;
    let service = Service::new(database.options.clone());
    service.gate.close();
    let router = service.router.clone();
    let request = tokio::spawn(Ask::new(router, Method::POST, "/pause").key("k").send());
    service.gate.entered(1).await;
    let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
        WHERE state = 'idle in transaction' AND datname = current_database()";
    assert_eq!(database.number(end).await, 1);
    service.gate.open();
    let ended = request.await.unwrap();
    assert_eq!(ended, (503, "transaction-failed"));
    assert_eq!(total(&database, "a").await, 0);
    assert_eq!(service.post("/pause", "k").await.answer(), (200, "paused"));
}

/// The bounds are the transaction's own, and never looser than the server's.
#[tokio::test]
async fn the_bounds_of_a_transaction_end_with_it() {
    let database = database(None).await;
    let strict = [("statement_timeout", "50ms")];
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .connect_lazy_with(database.options.clone().options(strict));
    let service = Service::on(pool.clone());
    let within = service.post("/bounds", "k").await;
    assert_eq!(within.answer(), (200, "50ms, 400ms"));
    let after: String = sqlx::query_scalar(BOUNDS).fetch_one(&pool).await.unwrap();
    assert_eq!(after, "50ms, 0");
}
