//! Round trips of each verb, counted on the wire: before its answer, and after
//! it (what a pool does when a connection comes back).

mod proxy;

use std::time::Duration;

use idempotent_runtime::{MySqlStore, PostgresStore, RedisStore};
use sqlx::postgres::{PgPool, PgPoolOptions};

use self::proxy::Proxy;
use super::race::Aim;
use super::records::{claim, claim_and_complete, complete, fresh, replay};
use super::report::Report;
use crate::table;

/// How often a verb is sent before it is counted, and how often it is counted.
const WARM_UPS: u32 = 4;
const VERBS: u64 = 20;
/// For what follows an answer to pass the proxy, which adds some milliseconds.
const SETTLE: Duration = Duration::from_millis(25);

/// The rows so far.
#[derive(Default)]
pub struct Trips(Vec<Vec<String>>);

impl Trips {
    /// A pool as sqlx makes it by default, to see that a ping would be seen;
    /// then our store on a pool of its own.
    pub async fn postgres(&mut self, report: &mut Report, url: &str) {
        let (proxy, url) = Proxy::before(url).await;
        let default: PgPool = PgPoolOptions::new().connect(&url).await.expect("a pool");
        self.count("SELECT 1, sqlx's default pool", &proxy, async || {
            let one = sqlx::query("SELECT 1").fetch_optional(&default).await;
            one.expect("PostgreSQL answers");
        })
        .await;
        let store = PostgresStore::connect(&url).await.expect("a store");
        store.migrate().await.expect("a table of records");
        self.verbs(report, "PostgreSQL", &proxy, &store, [1.0, 1.0, 1.0])
            .await;
    }

    pub async fn mysql(&mut self, report: &mut Report, url: &str) {
        let (proxy, url) = Proxy::before(url).await;
        let store = MySqlStore::connect(&url).await.expect("a store");
        store.migrate().await.expect("a table of records");
        // It reads first, so that a replay locks nothing.
        self.verbs(report, "MariaDB", &proxy, &store, [2.0, 1.0, 1.0])
            .await;
    }

    pub async fn redis(&mut self, report: &mut Report, url: &str) {
        let (proxy, url) = Proxy::before(url).await;
        let store = RedisStore::connect(&url).await.expect("a store");
        self.verbs(report, "Redis", &proxy, &store, [1.0, 1.0, 1.0])
            .await;
    }

    /// Whole requests to each route of a service over the server of this URL.
    pub async fn requests<S: Clone>(
        &mut self,
        url: &str,
        service: impl AsyncFn(String) -> S,
        routes: &[(&'static str, &'static str)],
        ask: impl AsyncFn(S, &'static str),
    ) {
        let (proxy, url) = Proxy::before(url).await;
        let service = service(url).await;
        for (name, path) in routes {
            let name = format!("PostgreSQL, request: {name}");
            self.count(&name, &proxy, async || ask(service.clone(), path).await)
                .await;
        }
    }

    /// Prints what was counted.
    pub fn print(&self) {
        println!("round trips on the wire, before the answer and after it");
        table::print(&["", "before", "after", "aim"], &self.0);
    }

    /// Counts a store's verbs; `aims` are for a claim, a completion and a
    /// replay.
    async fn verbs(
        &mut self,
        report: &mut Report,
        name: &str,
        proxy: &Proxy,
        store: &dyn idempotent_runtime::Store,
        aims: [f64; 3],
    ) {
        let done = fresh();
        claim_and_complete(store, done).await;
        // Each claim is completed once: one that is sent again costs more.
        let held = std::cell::RefCell::new(Vec::new());
        let first = async || {
            let id = fresh();
            let claimed = claim(store, id).await;
            held.borrow_mut().push((id, claimed));
        };
        let then = async || {
            let next = held.borrow_mut().pop();
            let (id, claimed) = next.expect("as many claims as completions");
            complete(store, id, claimed).await;
        };
        let again = async || replay(store, done).await;
        let counted = [
            self.count(&format!("{name}, claim"), proxy, first).await,
            self.count(&format!("{name}, complete"), proxy, then).await,
            self.count(&format!("{name}, replay"), proxy, again).await,
        ];
        let added = self.0.len() - counted.len();
        for ((row, counted), aim) in self.0[added..].iter_mut().zip(counted).zip(aims) {
            let what = format!("{}: round trips before the answer", row[0]);
            let aim = report.judge(&what, counted, Aim::AtMost(aim));
            row[3] = aim;
        }
    }

    /// Adds a row; round trips before the answer.
    async fn count(&mut self, name: &str, proxy: &Proxy, verb: impl AsyncFn()) -> f64 {
        // Each connection prepares a statement once, and the pool has more than
        // one: what comes back to it is tested while the next verb begins.
        for _ in 0..WARM_UPS {
            verb().await;
            tokio::time::sleep(SETTLE).await;
        }
        let (mut before, mut after) = (0, 0);
        for _ in 0..VERBS {
            let started = proxy.trips();
            verb().await;
            let answered = proxy.trips();
            tokio::time::sleep(SETTLE).await;
            before += answered - started;
            after += proxy.trips() - answered;
        }
        let each = |trips: u64| trips as f64 / VERBS as f64;
        self.0.push(vec![
            name.to_owned(),
            format!("{:.2}", each(before)),
            format!("{:.2}", each(after)),
            String::new(),
        ]);
        each(before)
    }
}
