//! MariaDB, on a server of its own: what it says of rows, and what becomes of
//! calls while it is stopped, gone or locked.

#[path = "exact.rs"]
mod exact;

use std::str::FromStr;

use idempotent_runtime::MySqlStore;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions};
use tests::{millis, seconds};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep};
use xtask::servers::{MariaDb, Scratch, Server};

use crate::planted::{PASSWORD, SERVER};
use crate::verbs::said;

type Store = MySqlStore;
type Tx<'c> = sqlx::MySqlTransaction<'c>;

const INSERT: &str = "INSERT INTO effects VALUES (?)";

/// A connection of the test's own, whose statements nobody logs.
async fn execute(url: &str, sql: &str) {
    let options = MySqlConnectOptions::from_str(url).unwrap();
    let options = options.disable_statement_logging();
    let mut connection: MySqlConnection = options.connect().await.unwrap();
    // A call of the service may be in the way for a moment.
    let asked = Instant::now();
    loop {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match sql.execute(&mut connection).await {
            Ok(_) => return,
            Err(error) => assert!(asked.elapsed() < seconds(5), "{error}"),
        }
        sleep(millis(50)).await;
    }
}

fn store(url: &str) -> Store {
    let options = MySqlConnectOptions::from_str(url).unwrap();
    let pool = MySqlPoolOptions::new()
        .max_connections(6)
        .acquire_timeout(millis(800));
    MySqlStore::new(pool.connect_lazy_with(options))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shows_no_canary() {
    let scratch = Scratch::new().unwrap();
    let server = MariaDb::start(&scratch.join("mariadb")).unwrap();
    let admin = server.url();
    let (_, address) = admin.rsplit_once('@').unwrap();
    execute(
        &admin,
        &format!(
            "CREATE USER service@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';
             GRANT ALL ON *.* TO service@'127.0.0.1';
             CREATE TABLE effects (`key` VARCHAR(64) NOT NULL UNIQUE) ENGINE = InnoDB"
        ),
    )
    .await;
    let url = format!("mysql://service:{PASSWORD}@{address}");
    let store = store(&url);
    store.migrate().await.unwrap();
    let service = exact::service(store.clone());
    service.walk().await;
    exact::walk(&service).await;
    service.overtaken("/fenced", "fenced", 400).await;

    let paths = ["/pay", "/checkout", "/exact", "/fenced"];
    let table = "idempotency_records";
    let tells = |event: &str| {
        format!(
            "CREATE TRIGGER tells_{event} BEFORE {event} ON {table} FOR EACH ROW
             SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{SERVER}'"
        )
    };
    let breaks = [
        // The error quotes the answer.
        format!("DELETE FROM {table}; CREATE UNIQUE INDEX once ON {table} (answer(64))"),
        format!("ALTER TABLE {table} ADD CONSTRAINT empty CHECK (answer IS NULL)"),
        tells("INSERT"),
        tells("UPDATE"),
        format!("UPDATE {table} SET fingerprint = 'canary-row', operation = 'canary-row'"),
        format!("RENAME TABLE {table} TO canary_table"),
    ];
    let heals = [
        format!("DROP INDEX once ON {table}"),
        format!("ALTER TABLE {table} DROP CONSTRAINT empty"),
        "DROP TRIGGER tells_INSERT".to_owned(),
        "DROP TRIGGER tells_UPDATE".to_owned(),
        "SELECT 1".to_owned(),
        format!("RENAME TABLE canary_table TO {table}"),
    ];
    for (n, (breaks, heals)) in breaks.iter().zip(&heals).enumerate() {
        execute(&admin, "DELETE FROM idempotency_records").await;
        let (breaks, heals) = (execute(&admin, breaks), execute(&admin, heals));
        let broken = async || breaks.await;
        service
            .walk_broken(&paths, 1_000 * (n + 1), broken, async || heals.await)
            .await;
    }
    let server = Mutex::new(server);
    let pause = async || server.lock().await.process().pause().unwrap();
    let resume = async || server.lock().await.process().resume().unwrap();
    service.walk_broken(&paths, 20_000, pause, resume).await;
    let kill = async || server.lock().await.process().kill().unwrap();
    let restart = async || server.lock().await.process().restart().unwrap();
    service.walk_broken(&paths, 30_000, kill, restart).await;

    let wrong = format!("mysql://service:{PASSWORD}-2@{address}");
    service.told(&said(&MySqlStore::connect(&wrong).await.unwrap_err()));
    let unknown = self::store(&wrong);
    let refused = exact::service(unknown.clone());
    refused
        .walk_broken(&paths, 40_000, async || {}, async || {})
        .await;
    refused.shows_no_canary(format!("{unknown:?}"));
    sleep(seconds(1)).await;
    service.shows_no_canary(format!("{store:?} {store:#?}"));
}
