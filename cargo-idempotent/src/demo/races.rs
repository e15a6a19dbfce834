//! The races that must be found in at least 19 of 20 seeds within the default budget,
//! and the atomic twin that must not be accused.

use super::{Flaw, Own, zoo};
use crate::{
    plan::Budget,
    verdict::{Finding, Seen, State},
};

/// A case: its name in the table, and the flaw of its server.
pub(crate) const RACES: &[(&str, Option<Flaw>)] = &[
    ("200 µs between look-up and claim", Some(Flaw::Race)),
    (
        "the same, look-up before the body",
        Some(Flaw::RaceBeforeBody),
    ),
    (
        "the same, behind 0 to 2 ms at random",
        Some(Flaw::RaceDelayed),
    ),
    ("lock freed 200 µs before the answer", Some(Flaw::EndGap)),
    ("look-up and claim in one step", None),
];

/// What one seed found.
pub(crate) enum Raced {
    /// A double run.
    Found(Seen),
    /// None, which was right or wrong.
    Quiet,
}

/// One seed of a case, against a process that has served nobody else.
pub(crate) fn race(flaw: Option<Flaw>, seed: u64) -> Result<Raced, String> {
    let own = Own::start(flaw)?;
    let report = zoo::run(zoo::Run {
        url: &own.url(),
        second: None,
        process: None,
        seed,
        only: &["payments/concurrent"],
        budget: Budget::default(),
        lease: None,
        ttl: None,
        fails: false,
    })?;
    let violated = |f: &&Finding| f.state == State::Violation;
    match report.findings.iter().find(violated) {
        None => Ok(Raced::Quiet),
        Some(finding) => match finding.evidence.seen {
            Some(burst) => Ok(Raced::Found(burst)),
            None => Err(format!("a race without its burst: {}", finding.sentence)),
        },
    }
}
