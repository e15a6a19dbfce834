//! Fills the databases: one record by our verbs, the others as copies of its
//! row whose states and times differ.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use idempotent_runtime::{Answer, MySqlStore, PostgresStore, SqliteStore};
use sqlx::mysql::MySqlPoolOptions;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Executor};

use super::AnyStore;
use super::fill::{Fate, RARE, make};

const TABLE: &str = "idempotency_records";
const CONNECTIONS: u32 = 8;

/// The columns, the id first, and what to select for each from the row `r` for
/// its copy number `n`, as [`Fate::of`] has it.
fn columns(names: &[String], quote: char, id: &str) -> (String, String) {
    let mut all = (vec![format!("{quote}id{quote}")], vec![id.to_owned()]);
    for name in names.iter().filter(|name| *name != "id") {
        let name = name.as_str();
        all.0.push(format!("{quote}{name}{quote}"));
        all.1.push(match name {
            "fence" => "r.fence + n".to_owned(),
            "state" => "CASE n % 100 WHEN 0 THEN 1 WHEN 1 THEN 2 ELSE 4 END".to_owned(),
            "lease_until" => "CASE WHEN n % 1000 = 0 THEN r.started - n \
                              WHEN n % 100 = 0 THEN r.expires_at + n ELSE r.lease_until END"
                .to_owned(),
            "expires_at" => {
                "CASE WHEN n % 20 = 3 THEN r.started - n ELSE r.expires_at + n * 1000 END"
                    .to_owned()
            }
            // Those that have expired are kept for ten minutes.
            "keep_until" => "CASE WHEN n % 20 = 3 THEN r.started + 600000000 + n \
                             ELSE r.keep_until + n * 1000 END"
                .to_owned(),
            "operation" => {
                format!("CASE WHEN n % 50000 = 7 THEN '{RARE}' ELSE r.operation END")
            }
            "answer" => "CASE WHEN n % 100 < 2 THEN NULL ELSE r.answer END".to_owned(),
            _ => format!("r.{quote}{name}{quote}"),
        });
    }
    (all.0.join(", "), all.1.join(", "))
}

fn answer() -> Answer {
    Answer::from_bytes(vec![1; 300])
}

pub async fn postgres(url: &str, records: u64) -> AnyStore {
    let options = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .test_before_acquire(false);
    let pool = options.connect(url).await.expect("PostgreSQL answers");
    let store = PostgresStore::new(pool.clone());
    store.migrate().await.expect("a table");
    make(&store, Fate::Done, &answer()).await;
    let names = "SELECT column_name::text FROM information_schema.columns WHERE table_name = $1";
    let names: Vec<String> = sqlx::query_scalar(names)
        .bind(TABLE)
        .fetch_all(&pool)
        .await
        .expect("columns");
    let (names, values) = columns(&names, '"', "sha256(int8send(n))");
    let copy = format!(
        "INSERT INTO {TABLE} ({names}) SELECT {values} \
         FROM (SELECT * FROM {TABLE} LIMIT 1) AS r, generate_series(2, {records}::bigint) AS n \
         ORDER BY 1"
    );
    for sql in [copy, format!("VACUUM ANALYZE {TABLE}")] {
        pool.execute(AssertSqlSafe(sql)).await.expect("copies");
    }
    Arc::new(store)
}

pub async fn mysql(url: &str, records: u64) -> AnyStore {
    let options = MySqlPoolOptions::new()
        .max_connections(CONNECTIONS)
        .test_before_acquire(false);
    let pool = options.connect(url).await.expect("MariaDB answers");
    let store = MySqlStore::new(pool.clone());
    store.migrate().await.expect("a table");
    make(&store, Fate::Done, &answer()).await;
    let names = "SELECT CAST(column_name AS CHAR) FROM information_schema.columns \
                 WHERE table_schema = DATABASE() AND table_name = ?";
    let names: Vec<String> = sqlx::query_scalar(names)
        .bind(TABLE)
        .fetch_all(&pool)
        .await
        .expect("columns");
    let (names, values) = columns(&names, '`', "unhex(sha2(n, 256))");
    let copy = format!(
        "INSERT INTO {TABLE} ({names}) SELECT {values} \
         FROM (SELECT * FROM {TABLE} LIMIT 1) AS r, \
         (SELECT seq AS n FROM seq_2_to_{records}) AS numbers ORDER BY 1"
    );
    for sql in [copy, format!("ANALYZE TABLE {TABLE}")] {
        pool.execute(AssertSqlSafe(sql)).await.expect("copies");
    }
    Arc::new(store)
}

pub async fn sqlite(directory: &Path, records: u64) -> AnyStore {
    let url = format!("sqlite:{}", directory.join("lists.db").display());
    let options = SqliteConnectOptions::from_str(&url)
        .expect("a URL")
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let pool = SqlitePoolOptions::new()
        .max_connections(CONNECTIONS)
        .test_before_acquire(false);
    let pool = pool.connect_with(options).await.expect("a file");
    let store = SqliteStore::new(pool.clone());
    store.migrate().await.expect("a table");
    make(&store, Fate::Done, &answer()).await;
    let names = sqlx::query_scalar("SELECT name FROM pragma_table_info('idempotency_records')");
    let names: Vec<String> = names.fetch_all(&pool).await.expect("columns");
    let (names, values) = columns(&names, '"', "new_id");
    let copy = format!(
        "WITH RECURSIVE numbers (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < {records}), \
         copies AS MATERIALIZED (SELECT n, randomblob(32) AS new_id FROM numbers) \
         INSERT INTO {TABLE} ({names}) SELECT {values} \
         FROM copies, (SELECT * FROM {TABLE} LIMIT 1) AS r ORDER BY 1"
    );
    for sql in [
        copy,
        "PRAGMA wal_checkpoint(TRUNCATE)".to_owned(),
        "ANALYZE".to_owned(),
    ] {
        pool.execute(AssertSqlSafe(sql)).await.expect("copies");
    }
    Arc::new(store)
}
