//! Exactly once on PostgreSQL, by whole requests through a router: the handler
//! with a transaction of its own, the same with `transaction = tx`, and lease
//! mode round it. Commits and round trips are counted, time is compared.

mod service;

use std::str::FromStr;

use axum::Router;
use sqlx::postgres::{PgConnectOptions, PgPool};
use tower::ServiceExt;

use self::service::{App, ROUTES, prepare, router};
use super::postgres::pool_of;
use super::race::{Aim, Contender};
use super::records::number;
use super::report::Report;
use super::trips::Trips;
use crate::requests::Requests;
use crate::table;

/// Requests whose commits are counted together.
const COUNTED: u64 = 200;
const TASKS: usize = 16;
/// What a commit takes where the disk decides, in microseconds: the server waits
/// so long before it syncs.
const SLOW_COMMIT: &str = "2000";

/// All tables.
pub async fn measure(report: &mut Report, trips: &mut Trips, url: &str) {
    let options = PgConnectOptions::from_str(url).expect("a URL");
    let pool = pool_of(options.clone(), TASKS).await;
    prepare(&pool).await;
    let app = App::over(pool.clone());
    count(trips, url, &app, &pool).await;

    let slow = [("commit_delay", SLOW_COMMIT), ("commit_siblings", "0")];
    let slow = App::over(pool_of(options.options(slow), 1).await);
    let one = contenders(&slow, |name| match name {
        "transaction" => Some((BARE, Aim::AtMost(1.1))),
        "lease" => Some(("transaction", Aim::AtLeast(1.8))),
        _ => None,
    });
    let title = "PostgreSQL, requests with a business insert, a commit of 2 ms, 1 task";
    report.race(title, 1, &one).await;

    let fast = contenders(&app, |name| match name {
        "transaction" => Some(("lease", Aim::AtMost(1.0))),
        _ => None,
    });
    let title = "PostgreSQL, requests with a business insert, 16 tasks";
    report.race(title, TASKS, &fast).await;
    drop((one, fast, slow, app));
    pool.close().await;
}

const BARE: &str = ROUTES[0].0;

/// A contender for each handler; `aim` says what some are compared with.
fn contenders(app: &App, aim: impl Fn(&str) -> Option<(&'static str, Aim)>) -> Vec<Contender> {
    let router = router(app.clone());
    let contender = |(name, path): (&'static str, &'static str)| {
        let router = router.clone();
        let contender = Contender::each(name, move || ask(router.clone(), path));
        match aim(name) {
            Some((other, aim)) => contender.against(other).aim(aim),
            None => contender,
        }
    };
    ROUTES.into_iter().map(contender).collect()
}

/// A first request.
async fn ask(router: Router, path: &'static str) {
    let mut request = Requests::new(None).with_key(number() & 0xffff_ffff_ffff);
    *request.uri_mut() = path.parse().expect("a path");
    let response = router.oneshot(request).await.expect("a router answers");
    assert_eq!(response.status(), 200, "{path}");
}

/// Commits, by their records in the write-ahead log, and round trips, on the wire.
async fn count(trips: &mut Trips, url: &str, app: &App, pool: &PgPool) {
    let router = router(app.clone());
    let mut rows = Vec::new();
    for (name, path) in ROUTES {
        ask(router.clone(), path).await;
        let from = position(pool).await;
        for _ in 0..COUNTED {
            ask(router.clone(), path).await;
        }
        let each = commits_since(pool, &from).await as f64 / COUNTED as f64;
        rows.push(vec![name.to_owned(), format!("{each:.2}")]);
    }
    println!("PostgreSQL, commits of each request with a business insert");
    table::print(&["", "commits"], &rows);

    let lone = |url: String| async move {
        let options = PgConnectOptions::from_str(&url).expect("a URL");
        self::router(App::over(pool_of(options, 1).await))
    };
    trips.requests(url, lone, &ROUTES, ask).await;
}

/// Where the write-ahead log ends.
async fn position(pool: &PgPool) -> String {
    sqlx::query_scalar("SELECT pg_current_wal_insert_lsn()::text")
        .fetch_one(pool)
        .await
        .expect("a position")
}

async fn commits_since(pool: &PgPool, from: &str) -> i64 {
    let until = position(pool).await;
    let commits = "SELECT count(*) FROM pg_get_wal_records_info($1::pg_lsn, $2::pg_lsn) \
                   WHERE resource_manager = 'Transaction' AND record_type = 'COMMIT'";
    sqlx::query_scalar(commits)
        .bind(from)
        .bind(until)
        .fetch_one(pool)
        .await
        .expect("the log's records")
}
