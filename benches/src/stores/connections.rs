//! How the work of a server grows with the number of connections, and of tasks
//! that use them.

use super::race::run;
use super::raw::{Raw, commits, trips};
use super::records::{AnyStore, Finished, first_requests, retries};
use super::report::Report;
use crate::table;

/// A server with so many connections.
pub struct Connected<R> {
    pub raw: R,
    /// One that has them all, or one for each.
    pub stores: Vec<AnyStore>,
}

/// Prints operations a second by the number of connections.
pub async fn table<R: Raw>(
    report: &Report,
    name: &str,
    connect: impl AsyncFn(usize) -> Connected<R>,
) {
    let mut rows = Vec::new();
    for connections in report.options.connections {
        let Connected { raw, stores } = connect(*connections).await;
        let finished = Finished::make(&*stores[0]).await;
        let contenders = [
            trips(&raw),
            retries("replay", &stores, &finished),
            commits(&raw),
            first_requests("claim+complete", &stores).against(R::COMMIT),
        ];
        let figures = run(&report.options, *connections, 1, &contenders).await;
        let rate = |at: usize| format!("{:.0}", 1e9 / figures[at].nanos);
        let ratio = |at: usize| format!("{:.2}", figures[at].ratio);
        rows.push(vec![
            connections.to_string(),
            rate(0),
            rate(1),
            ratio(1),
            rate(2),
            rate(3),
            ratio(3),
        ]);
    }
    println!("{name}: operations a second by connections, as many tasks as connections");
    let head = [
        "connections",
        R::TRIP,
        "replay",
        "x",
        R::COMMIT,
        "claim+complete",
        "x",
    ];
    table::print(&head, &rows);
}
