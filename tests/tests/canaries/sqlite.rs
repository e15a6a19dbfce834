//! SQLite: what it says of rows, a file that is locked, and one that is gone.

#[path = "exact.rs"]
mod exact;

use idempotent_runtime::SqliteStore;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions};
use tests::{millis, seconds};
use tokio::time::sleep;
use xtask::servers::Scratch;

use crate::planted::SERVER;
use crate::verbs::said;

type Store = SqliteStore;
type Tx<'c> = sqlx::SqliteTransaction<'c>;

const INSERT: &str = "INSERT INTO effects VALUES (?)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shows_no_canary() {
    let scratch = Scratch::new().unwrap();
    let file = scratch.join("records.db");
    let options = SqliteConnectOptions::new()
        .filename(&file)
        .create_if_missing(true);
    let quiet = options.clone().disable_statement_logging();
    // A connection of the test's own, whose statements nobody logs.
    let connect = async || -> SqliteConnection { quiet.clone().connect().await.unwrap() };
    let execute = async |sql: &str| {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        sql.execute(&mut connect().await).await.unwrap();
    };
    let pool = SqlitePoolOptions::new()
        .max_connections(4)
        .acquire_timeout(millis(800));
    let store = SqliteStore::new(pool.connect_lazy_with(options.busy_timeout(millis(300))));
    store.migrate().await.unwrap();
    execute("CREATE TABLE effects (key TEXT NOT NULL UNIQUE)").await;
    let service = exact::service(store.clone());
    service.walk().await;
    exact::walk(&service).await;

    let paths = ["/pay", "/checkout", "/exact", "/fenced"];
    let table = "idempotency_records";
    let tells = |event: &str| {
        format!(
            "CREATE TRIGGER tells_{event} BEFORE {event} ON {table}
             BEGIN SELECT RAISE(ABORT, '{SERVER}'); END"
        )
    };
    let breaks = [
        format!("DELETE FROM {table}; CREATE UNIQUE INDEX once ON {table} (answer)"),
        tells("INSERT"),
        tells("UPDATE"),
        format!("UPDATE {table} SET fingerprint = x'63616e617279', operation = 'canary-row'"),
        format!("ALTER TABLE {table} RENAME TO canary_table"),
    ];
    let heals = [
        "DROP INDEX once".to_owned(),
        "DROP TRIGGER tells_INSERT".to_owned(),
        "DROP TRIGGER tells_UPDATE".to_owned(),
        "SELECT 1".to_owned(),
        format!("ALTER TABLE canary_table RENAME TO {table}"),
    ];
    for (n, (breaks, heals)) in breaks.iter().zip(&heals).enumerate() {
        execute(&format!("DELETE FROM {table}")).await;
        let broken = async || execute(breaks).await;
        service
            .walk_broken(&paths, 1_000 * (n + 1), broken, async || {
                execute(heals).await;
            })
            .await;
    }
    // Another process has the file's one lock.
    let mut locks = connect().await;
    let lock = async || {
        let begin = sqlx::raw_sql("BEGIN IMMEDIATE");
        begin.execute(&mut locks).await.unwrap();
    };
    service.walk_broken(&paths, 20_000, lock, async || {}).await;
    drop(locks);

    let nowhere = scratch.join("canary-folder").join("canary.db");
    let nowhere = format!("sqlite:{}", nowhere.display());
    service.told(&said(&SqliteStore::connect(&nowhere).await.unwrap_err()));
    sleep(seconds(1)).await;
    service.shows_no_canary(format!("{store:?} {store:#?}"));
}
