//! What MariaDB does to an open transaction: it ends an idle one, breaks a
//! deadlock, kills a connection, restarts. A clear error each, nothing half-done,
//! and the next try succeeds.

use std::time::Duration;

use axum::Router;
use axum::extract::{FromRef, Path, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use idempotent_runtime::{MySqlStore, Transactional, idempotent};
use sqlx::MySqlTransaction;
use tests::{Ask, Reply};
use tokio::task::JoinHandle;
use tokio::time::sleep;
use xtask::servers::{MariaDb, Scratch, Server};

use super::database::Database;
use crate::gate::Gate;

#[derive(Clone, FromRef)]
struct App {
    transactional: Transactional<MySqlStore>,
    gate: Gate,
}

struct Failure;

impl From<sqlx::Error> for Failure {
    fn from(_: sqlx::Error) -> Self {
        Self
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, "the database failed").into_response()
    }
}

/// Adds one to a total, passes the gate, and adds one to another.
#[idempotent(scope = public, transaction = tx)]
async fn transfer(
    State(gate): State<Gate>,
    Path((from, to)): Path<(String, String)>,
    tx: &mut MySqlTransaction<'_>,
) -> Result<String, Failure> {
    add(tx, &from).await?;
    gate.pass().await;
    add(tx, &to).await?;
    Ok(format!("from {from} to {to}"))
}

/// The same of a body that hides what failed.
#[idempotent(scope = public, transaction = tx)]
async fn careless(
    State(gate): State<Gate>,
    Path((from, to)): Path<(String, String)>,
    tx: &mut MySqlTransaction<'_>,
) -> Result<String, Failure> {
    add(tx, &from).await?;
    gate.pass().await;
    let _ = add(tx, &to).await;
    Ok(format!("from {from} to {to}"))
}

/// Passes the gate with an effect, and does nothing after it.
#[idempotent(scope = public, transaction = tx, lease = "1s")]
async fn pause(
    State(gate): State<Gate>,
    tx: &mut MySqlTransaction<'_>,
) -> Result<&'static str, Failure> {
    add(tx, "a").await?;
    gate.pass().await;
    Ok("paused")
}

async fn add(tx: &mut MySqlTransaction<'_>, name: &str) -> Result<(), sqlx::Error> {
    let update = sqlx::query("UPDATE totals SET total = total + 1 WHERE name = ?").bind(name);
    update.execute(&mut **tx).await.map(drop)
}

struct Service {
    gate: Gate,
    router: Router,
}

impl Service {
    fn new(database: &Database, has_returning: bool) -> Self {
        let mut store = MySqlStore::new(database.pool(4));
        if !has_returning {
            store = store.without_returning();
        }
        let gate = Gate::new();
        let app = App {
            transactional: Transactional::new(store),
            gate: gate.clone(),
        };
        let router = Router::new()
            .route("/transfer/{from}/{to}", post(transfer))
            .route("/careless/{from}/{to}", post(careless))
            .route("/pause", post(pause))
            .with_state(app);
        Self { gate, router }
    }

    fn begin(&self, uri: &str, key: &str) -> JoinHandle<Reply> {
        let ask = Ask::new(self.router.clone(), Method::POST, uri).key(key);
        tokio::spawn(ask.send())
    }

    async fn post(&self, uri: &str, key: &str) -> Reply {
        self.begin(uri, key).await.unwrap()
    }
}

async fn database(url: Option<&str>) -> Database {
    let database = match url {
        Some(url) => Database::create_on(url).await,
        None => Database::create().await,
    };
    database.store(1).await;
    let totals = "CREATE TABLE totals (name VARCHAR(8) PRIMARY KEY, total BIGINT NOT NULL) \
        ENGINE = InnoDB; INSERT INTO totals VALUES ('a', 0), ('b', 0)";
    database.execute(totals).await;
    database
}

async fn totals(database: &Database) -> (i64, i64) {
    let total = async |name: &str| {
        let sql = format!("SELECT total FROM totals WHERE name = '{name}'");
        database.number(&sql).await
    };
    (total("a").await, total("b").await)
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
    for has_returning in [true, false] {
        let database = database(None).await;
        let [paused, other] = [(); 2].map(|()| Service::new(&database, has_returning));
        paused.gate.close();
        let first = paused.begin("/pause", "k");
        paused.gate.entered(1).await;
        assert_eq!(other.post("/pause", "k").await, (409, "in-flight"));
        // The server ends it although its process never wakes.
        let freed = async {
            while other.post("/pause", "k").await.status != 200 {
                sleep(Duration::from_millis(50)).await;
            }
        };
        let freed = tokio::time::timeout(Duration::from_secs(10), freed);
        freed.await.expect("it is free");
        assert_eq!(totals(&database).await, (1, 0));
        paused.gate.open();
        // It wakes, and finds that its transaction is gone.
        let late = first.await.unwrap();
        assert!(late.status == 200 && late.is_replay() || late == (503, "transaction-failed"));
        assert_eq!(totals(&database).await, (1, 0));
    }
}

#[tokio::test]
async fn a_deadlock_costs_one_of_two_a_retry() {
    for has_returning in [true, false] {
        for path in ["transfer", "careless"] {
            let database = database(None).await;
            let service = Service::new(&database, has_returning);
            let uris = [format!("/{path}/a/b"), format!("/{path}/b/a")];
            service.gate.close();
            let requests = uris.each_ref().map(|uri| service.begin(uri, uri));
            service.gate.entered(2).await;
            service.gate.open();
            let mut paid = 0;
            for (request, uri) in requests.into_iter().zip(&uris) {
                let reply = request.await.unwrap();
                if reply.status == 200 {
                    paid += 1;
                } else {
                    assert_rolled_back(&reply, "deadlock");
                    assert_eq!(service.post(uri, uri).await.status, 200);
                }
            }
            assert_eq!(paid, 1);
            assert_eq!(totals(&database).await, (2, 2));
        }
    }
}

#[tokio::test]
async fn the_server_restarts_under_an_open_transaction() {
    let scratch = Scratch::new().unwrap();
    let mut server = MariaDb::start(&scratch.join("mysql")).unwrap();
    let database = database(Some(&server.url())).await;
    let service = Service::new(&database, true);
    service.gate.close();
    let request = service.begin("/transfer/a/b", "k");
    service.gate.entered(1).await;
    let server = tokio::task::spawn_blocking(move || {
        server.process().kill().unwrap();
        server.process().restart().unwrap();
        server
    });
    let _server = server.await.unwrap();
    service.gate.open();
    // The body's own statement fails, and the probe after it.
    assert_rolled_back(&request.await.unwrap(), "did not answer");
    assert_eq!(totals(&database).await, (0, 0));
    let retry = service.post("/transfer/a/b", "k").await;
    assert_eq!(retry.answer(), (200, "from a to b"));
    assert!(!retry.is_replay());
    assert_eq!(totals(&database).await, (1, 1));
}

#[tokio::test]
async fn a_connection_that_is_killed_by_an_operator_leaves_nothing() {
    let database = database(None).await;
    let service = Service::new(&database, true);
    service.gate.close();
    let request = service.begin("/pause", "k");
    service.gate.entered(1).await;
    let find = "SELECT CAST(t.trx_mysql_thread_id AS SIGNED) FROM information_schema.innodb_trx t \
        JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id \
        WHERE p.db = DATABASE() AND p.id <> CONNECTION_ID()";
    let id = database.number(find).await;
    database.execute(&format!("KILL CONNECTION {id}")).await;
    service.gate.open();
    assert_eq!(request.await.unwrap(), (503, "transaction-failed"));
    assert_eq!(totals(&database).await, (0, 0));
    let retry = service.post("/pause", "k").await;
    assert_eq!(retry.answer(), (200, "paused"));
}
