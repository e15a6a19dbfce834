//! The table at the end: a row for each store.

use std::time::Duration;

use super::load::Change;
use super::options::Options;
use super::pages::millis;
use crate::table;

/// What was aimed at: no list makes claims slower by more than this.
const AT_MOST: f64 = 1.10;

/// What was measured of a store.
pub struct Summary {
    pub name: &'static str,
    /// The slowest page of any kind.
    pub slowest: Duration,
    /// For how long a page kept the store busy without a break.
    pub busy: Duration,
    pub change: Change,
}

pub fn print(summaries: &[Summary], options: &Options) {
    println!(
        "{} records in each store. Times are ms; p50 and p99 are claims beside lists by \
         claims alone; in brackets, claims alone a second time by claims alone: noise",
        options.records
    );
    let ratio = |change: &Change, which: usize| {
        format!("{:.2} ({:.2})", change.ratios[which], change.noise[which])
    };
    let rows: Vec<_> = summaries
        .iter()
        .map(|summary| {
            let Change { ratios, errors, .. } = &summary.change;
            let is_met = ratios.iter().all(|ratio| *ratio <= AT_MOST) && errors[0] == 0;
            vec![
                summary.name.to_owned(),
                millis(summary.slowest),
                millis(summary.busy),
                ratio(&summary.change, 0),
                ratio(&summary.change, 1),
                errors[0].to_string(),
                errors[1].to_string(),
                if is_met { "met" } else { "missed" }.to_owned(),
            ]
        })
        .collect();
    let head = [
        "store",
        "slowest page",
        "longest busy",
        "p50 x",
        "p99 x",
        "errors",
        "errors alone",
        "at most 1.10",
    ];
    table::print(&head, &rows);
}
