//! Lists go by the indexes, whatever the planner believes, and read no answer.

use idempotent_runtime::Store;
use idempotent_runtime::store::{Count, ListedState, Listing};
use sqlx::{AssertSqlSafe, Executor, Row};

use crate::database::Database;

const LIST_HELD: &str =
    include_str!("../../../idempotent-runtime/src/store/postgres/sql/list_held.sql");
const LIST_ALL: &str =
    include_str!("../../../idempotent-runtime/src/store/postgres/sql/list_all.sql");
const ROWS: u64 = 50_000;

/// A table of so many records, in no order of time: 1 in 100 runs, and a tenth
/// of those is stuck.
async fn filled() -> Database {
    let database = Database::create().await;
    database.migrate().await;
    let now = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
    let fill = format!(
        "INSERT INTO idempotency_records (id, fence, started, lease, lease_until, expires_at, \
         keep_until, attempts, state, previous, notify, token, fingerprint, operation, owner, answer) \
         SELECT sha256(int8send(n)), n, {now}, 3600000000, \
         {now} + CASE WHEN n % 1000 = 0 THEN -n ELSE 3600000000 + n END, \
         {now} + 7200000000 + n, {now} + 7300000000 + n, 1, CASE n % 100 WHEN 0 THEN 1 ELSE 4 END, \
         0, false, '\\x01', decode(repeat('01', 33), 'hex'), \
         CASE n WHEN 7 THEN 'rare' ELSE 'often' END, 'web-1', decode(repeat('02', 300), 'hex') \
         FROM generate_series(1, {ROWS}) AS n ORDER BY 1"
    );
    database.execute(&fill).await;
    database
}

/// How the server carries it out, by a plan that knows none of the arguments.
async fn plan(database: &Database, statement: &str, arguments: &str) -> String {
    let mut connection = database.connection().await;
    for sql in [
        "SET plan_cache_mode = force_generic_plan".to_owned(),
        format!("PREPARE list AS {statement}"),
    ] {
        connection.execute(AssertSqlSafe(sql)).await.unwrap();
    }
    let explain = format!("EXPLAIN (ANALYZE) EXECUTE list({arguments})");
    let lines = connection.fetch_all(AssertSqlSafe(explain)).await.unwrap();
    let lines = lines.iter().map(|line| line.get::<String, _>(0));
    lines.collect::<Vec<_>>().join("\n")
}

/// Before statistics and after, every plan goes by an index.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_never_scans_or_sorts_the_table() {
    let database = filled().await;
    let (lowest, highest) = ("'\\x00'", "'\\xff'");
    for chore in ["", "ANALYZE idempotency_records"] {
        database.execute(chore).await;
        for (statement, arguments, index) in [
            (LIST_HELD, format!("0, {lowest}, 1, NULL, 50"), "running"),
            (LIST_HELD, format!("0, {lowest}, 0, 'rare', 50"), "running"),
            (
                LIST_ALL,
                format!("9223372036854775807, {highest}, 1, 4, NULL, 50"),
                "sweep",
            ),
            (
                LIST_ALL,
                format!("9223372036854775807, {highest}, 4, 4, 'rare', 50"),
                "sweep",
            ),
        ] {
            let plan = plan(&database, statement, &arguments).await;
            // What runs may be so little that all of it is sorted.
            let is_fine = plan.contains(&format!("on idempotency_records_{index}"))
                || plan.contains(&format!("using idempotency_records_{index}"));
            let is_fine = is_fine
                && (index == "running" || plan.contains("Incremental Sort"))
                && !plan.contains("Seq Scan on idempotency_records");
            assert!(is_fine, "({arguments}) after {chore:?}:\n{plan}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_without_an_index_reads_a_bounded_number_and_goes_on() {
    let database = filled().await;
    let store = database.store(2).await;
    let mut listing = Listing::first();
    listing.operation = Some("rare".to_owned());
    let (mut pages, mut found) = (0, 0);
    loop {
        let page = store.list(&listing).await.unwrap();
        assert!(page.scanned <= 10_000 && page.is_ordered, "{page:?}");
        (pages, found) = (pages + 1, found + page.records.len());
        listing.after = page.next;
        if listing.after.is_none() {
            break;
        }
    }
    // A slow server's pages end sooner.
    assert!(pages >= 6 && found == 1, "{found} on {pages} pages");
    listing.state = Some(ListedState::Stuck);
    listing.operation = None;
    let page = store.list(&listing).await.unwrap();
    assert_eq!((page.records.len(), page.next), (50, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_of_many_records_are_exact_by_the_index_and_else_estimates() {
    let database = filled().await;
    let stats = database.store(2).await.stats().await.unwrap();
    assert_eq!(stats.running, Some(Count::exact(500)));
    assert_eq!(stats.stuck, Some(Count::exact(50)));
    let done = stats.done.unwrap();
    assert!(!done.is_exact);
    // The ids are the same each time: so is the sample.
    let right = ROWS - 500;
    assert!(done.records.abs_diff(right) < right / 10, "{done:?}");
}
