//! How a verb's cost grows with the number of records.

use super::race::run;
use super::records::{AnyStore, Finished, first_requests, retries};
use super::report::{Report, micros};
use crate::table;

/// How many of the loaded records are replayed.
pub const SAMPLE: usize = 2_000;

/// A store that holds so many finished records.
pub struct Filled {
    pub records: u64,
    pub store: AnyStore,
    /// Some of them, at random.
    pub sample: Finished,
}

/// Fills stores, then prints the cost of one task by the number of records.
pub async fn table(report: &Report, name: &str, fill: impl AsyncFn(u64) -> Filled) {
    let mut contenders = Vec::new();
    for records in report.options.sizes {
        let Filled {
            records,
            store,
            sample,
        } = fill(*records).await;
        let stores = [store];
        contenders.push(retries(records.to_string(), &stores, &sample));
        contenders.push(first_requests("", &stores));
    }
    let figures = run(&report.options, 1, 1, &contenders).await;
    let (smallest_replay, smallest_first) = (figures[0].nanos, figures[1].nanos);
    let rows: Vec<_> = contenders
        .chunks(2)
        .zip(figures.chunks(2))
        .map(|(pair, figures)| {
            vec![
                pair[0].name.clone(),
                micros(figures[0].nanos),
                format!("{:.2}", figures[0].nanos / smallest_replay),
                micros(figures[1].nanos),
                format!("{:.2}", figures[1].nanos / smallest_first),
            ]
        })
        .collect();
    println!("{name}: us by records, one task; x of the smallest");
    table::print(&["records", "replay", "x", "claim+complete", "x"], &rows);
}
