//! The same promises on each database.

use std::collections::BTreeMap;

use sqlx::{AnyConnection, Connection as _, Executor as _};
use xtask::servers::{MariaDb, Postgres, Scratch, Server as _};

use super::{Query, placeholders};

#[test]
fn values_become_placeholders_of_the_databases_kind() {
    let query = "select count(*) from t where a = ${x} and b = ${y.z}::uuid";
    let (sql, names) = placeholders(query, true);
    assert_eq!(sql, "select count(*) from t where a = $1 and b = $2::uuid");
    assert_eq!(names, ["x", "y.z"]);
    let (sql, _) = placeholders(query, false);
    assert_eq!(sql, "select count(*) from t where a = ? and b = ?::uuid");
}

fn ask(url: &str, query: &str, reference: &str) -> Result<i64, String> {
    let values = BTreeMap::from([("reference".to_owned(), reference.to_owned())]);
    Query::at(url, "DB", query)?.count(&values)
}

fn write(url: &str, sql: &'static str) {
    sqlx::any::install_default_drivers();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut connection = AnyConnection::connect(url).await.unwrap();
        connection.execute(sql).await.unwrap();
        connection.close().await.unwrap();
    });
}

/// A table with two orders of one reference and one of another.
fn check(url: &str, sum: &str) {
    write(
        url,
        "create table orders (reference varchar(64), amount int)",
    );
    write(
        url,
        "insert into orders values ('a', 1), ('a', 2), ('b; drop table orders', 4)",
    );
    let all = "select count(*) from orders";
    assert_eq!(ask(url, all, ""), Ok(3));
    let own = "select count(*) from orders where reference = ${reference}";
    assert_eq!(ask(url, own, "a"), Ok(2));
    assert_eq!(
        ask(url, own, "' or '1' = '1"),
        Ok(0),
        "a value is bound, not pasted"
    );
    assert_eq!(ask(url, own, "b; drop table orders"), Ok(1));
    let sum = format!("select {sum} from orders where reference = ${{reference}}");
    assert_eq!(ask(url, &sum, "a"), Ok(3));
    assert_eq!(
        ask(url, &sum, "nothing"),
        Ok(0),
        "a sum over nothing is null"
    );
    // One connection serves many readings, and what is wrong spoils none after it.
    let query = Query::at(url, "DB", all).unwrap();
    assert_eq!(query.count(&BTreeMap::new()), Ok(3));
    write(url, "insert into orders values ('c', 1)");
    assert_eq!(query.count(&BTreeMap::new()), Ok(4));
    for (wrong, says) in [
        ("select nothing from orders", "nothing"),
        (
            "select reference from orders where reference = 'c'",
            "no integer",
        ),
        ("select amount from orders", "4 rows"),
        ("select 1, 2", "2 columns"),
    ] {
        let error = ask(url, wrong, "").unwrap_err();
        let front = format!("the query `{wrong}` on the database of DB: ");
        assert!(error.starts_with(&front) && error.contains(says), "{error}");
    }
}

#[test]
fn a_query_counts_on_sqlite() {
    let scratch = Scratch::new().unwrap();
    let url = format!("sqlite://{}?mode=rwc", scratch.join("orders.db").display());
    check(&url, "sum(amount)");
}

#[test]
fn a_query_counts_on_postgres() {
    let scratch = Scratch::new().unwrap();
    let server = Postgres::start(&scratch.join("postgres")).unwrap();
    check(&server.url(), "sum(amount)");
    let uuid = "select count(*) from orders where ${reference}::uuid is not null";
    assert_eq!(
        ask(&server.url(), uuid, "8f14e45f-ceea-467f-a0e6-7d9a5c1f4c11"),
        Ok(4)
    );
    let numeric = "select sum(amount::numeric) from orders";
    assert!(
        ask(&server.url(), numeric, "").is_err(),
        "it is told to be cast"
    );
}

#[test]
fn a_query_counts_on_mariadb() {
    let scratch = Scratch::new().unwrap();
    let server = MariaDb::start(&scratch.join("mariadb")).unwrap();
    check(&server.url(), "cast(sum(amount) as signed)");
    let other = server.url().replacen("mysql:", "mariadb:", 1);
    assert_eq!(ask(&other, "select count(*) from orders", ""), Ok(4));
}

#[test]
fn no_error_has_the_password() {
    let url = "postgres://someone:s3cret-word@127.0.0.1:1/shop";
    let error = ask(url, "select 1", "").unwrap_err();
    assert!(error.contains("on the database of DB"), "{error}");
    assert!(!error.contains("s3cret-word"), "{error}");
    let error = ask("oracle://a:s3cret-word@h/x", "select 1", "").unwrap_err();
    assert!(!error.contains("s3cret-word"), "{error}");
    let error = ask("postgres://a:s3cret-word@h:no-port/x", "select 1", "").unwrap_err();
    assert!(!error.contains("s3cret-word"), "{error}");
}
