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

use crate::verdict::{Finding, Level, Report, State};

/// How a run ends, by the numbers that the README lists.
pub(crate) fn code(report: &Report, allow_not_proven: bool) -> u8 {
    let tally = report.tally();
    if tally.violations > 0 {
        1
    } else if tally.not_proven + tally.should > 0 && !allow_not_proven {
        4
    } else {
        0
    }
}

/// What rests on less than effects no longer counts as proven.
pub(crate) fn demand_effects(report: &mut Report) {
    let weak = |f: &&mut Finding| {
        let by_answers = matches!(f.level, Some(Level::Witness | Level::Answer) | None);
        // Fidelity is about answers, and nothing else could show it.
        f.state == State::Proven && by_answers && f.scenario != "fidelity"
    };
    for finding in report.findings.iter_mut().filter(weak) {
        finding.state = State::NotProven;
        finding
            .sentence
            .push_str(" But --min-oracle asks for effects: give --ledger or a probe.");
    }
}
