//! Reports, all made of one run's record.

mod annotations;
mod diff;
mod html;
mod junit;
mod terminal;
mod timeline;
mod view;

pub(crate) use annotations::{github, sarif};
pub(crate) use html::html;
pub(crate) use junit::junit;
pub(crate) use terminal::{finding, summary};

use crate::verdict::Report;

/// How a run ends, by the numbers that the README lists.
pub(crate) fn code(report: &Report, allow_not_proven: bool) -> u8 {
    let tally = report.tally();
    // A violation found before is in the report; the rest of the plan, and the controls
    // after the last scenario, are not.
    if let Some(ended) = &report.ended {
        ended.how.code()
    } else if tally.violations > 0 {
        1
    } else if tally.not_proven + tally.should > 0 && !allow_not_proven {
        4
    } else {
        0
    }
}
