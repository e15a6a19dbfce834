//! PostgreSQL, on a server of its own: what it says of rows, and what becomes of
//! calls while it is stopped, gone or locked.

#[path = "exact.rs"]
mod exact;

use std::str::FromStr;

use idempotent_runtime::PostgresStore;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions};
use tests::{millis, seconds};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep};
use xtask::servers::{Postgres, Scratch, Server};

use crate::planted::{PASSWORD, SERVER};
use crate::verbs::said;

type Store = PostgresStore;
type Tx<'c> = sqlx::PgTransaction<'c>;

const INSERT: &str = "INSERT INTO effects VALUES ($1)";

/// A connection of the test's own, whose statements nobody logs.
async fn execute(url: &str, sql: &str) {
    let options = PgConnectOptions::from_str(url).unwrap();
    let mut connection: PgConnection = options.disable_statement_logging().connect().await.unwrap();
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
    let options = PgConnectOptions::from_str(url).unwrap();
    let pool = PgPoolOptions::new()
        .max_connections(6)
        .acquire_timeout(millis(800));
    PostgresStore::new(pool.connect_lazy_with(options))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shows_no_canary() {
    let scratch = Scratch::new().unwrap();
    let server = Postgres::start(&scratch.join("postgres")).unwrap();
    let admin = server.url();
    execute(
        &admin,
        &format!(
            "CREATE ROLE service SUPERUSER LOGIN PASSWORD '{PASSWORD}';
             CREATE TABLE effects (key text NOT NULL UNIQUE)"
        ),
    )
    .await;
    let (_, address) = admin.rsplit_once('@').unwrap();
    let url = format!("postgres://service:{PASSWORD}@{address}");
    let store = store(&url);
    store.migrate().await.unwrap();
    let service = exact::service(store.clone());
    service.walk().await;
    exact::walk(&service).await;
    service.overtaken("/fenced", "fenced", 400).await;

    let paths = ["/pay", "/checkout", "/exact", "/fenced"];
    let table = "idempotency_records";
    let answers = async || execute(&admin, "DELETE FROM idempotency_records").await;
    let breaks = [
        // An answer's bytes stand in the error's detail, in each of these.
        format!("ALTER TABLE {table} ADD CONSTRAINT empty CHECK (answer IS NULL)"),
        format!("DELETE FROM {table}; CREATE UNIQUE INDEX once ON {table} (answer)"),
        format!(
            "CREATE FUNCTION tells() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             RAISE EXCEPTION '{SERVER} %', NEW USING DETAIL = '{SERVER}', HINT = '{SERVER}'; END $$;
             CREATE TRIGGER tells BEFORE INSERT OR UPDATE ON {table}
             FOR EACH ROW EXECUTE FUNCTION tells()"
        ),
        format!("UPDATE {table} SET fingerprint = 'canary-row', operation = 'canary-row'"),
        format!("ALTER TABLE {table} RENAME TO canary_table"),
    ];
    let heals = [
        format!("ALTER TABLE {table} DROP CONSTRAINT empty"),
        "DROP INDEX once".to_owned(),
        "DROP FUNCTION tells CASCADE".to_owned(),
        String::new(),
        format!("ALTER TABLE canary_table RENAME TO {table}"),
    ];
    for (n, (breaks, heals)) in breaks.iter().zip(&heals).enumerate() {
        answers().await;
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

    let wrong = format!("postgres://service:{PASSWORD}-2@{address}");
    service.told(&said(&PostgresStore::connect(&wrong).await.unwrap_err()));
    let unknown = self::store(&wrong);
    let refused = exact::service(unknown.clone());
    refused
        .walk_broken(&paths, 40_000, async || {}, async || {})
        .await;
    refused.shows_no_canary(format!("{unknown:?}"));
    sleep(seconds(1)).await;
    service.shows_no_canary(format!("{store:?} {store:#?}"));
}
