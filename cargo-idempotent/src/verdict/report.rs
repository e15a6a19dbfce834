//! A whole run, as it is kept on disk and as every report is made of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Ended, Finding, Level, State};

/// A control: what must hold for the scenarios that lean on it to mean anything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Control {
    pub endpoint: String,
    /// `C1` to `C10`.
    pub id: String,
    pub passed: bool,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "A run of cargo idempotent: run.json")]
pub(crate) struct Report {
    pub version: u32,
    pub tool: String,
    pub target: String,
    pub profile: String,
    pub seed: u64,
    pub took_ms: u64,
    /// How often the target was asked.
    pub requests: usize,
    /// Bursts of concurrent copies.
    pub bursts: usize,
    /// What the ledger rose by in all, if there is one.
    pub effects: Option<i64>,
    /// What else has to be known of the run, such as a budget that ended it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Why it ended before its end, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
    pub controls: Vec<Control>,
    pub findings: Vec<Finding>,
}

/// How many of each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub violations: usize,
    pub should: usize,
    pub not_proven: usize,
    pub proven: usize,
    pub skipped: usize,
    pub not_run: usize,
}

impl Report {
    pub(crate) fn tally(&self) -> Tally {
        let count = |state| self.findings.iter().filter(|f| f.state == state).count();
        Tally {
            violations: count(State::Violation),
            should: count(State::Should),
            not_proven: count(State::NotProven),
            proven: count(State::Proven),
            skipped: count(State::Skipped),
            not_run: count(State::NotRun),
        }
    }

    /// The first line of every report.
    pub(crate) fn verdict(&self) -> String {
        let tally = self.tally().line();
        match &self.ended {
            Some(_) => format!("Ended early: {tally}"),
            None => tally,
        }
    }

    /// The weakest oracle that a proof rests on.
    pub(crate) fn weakest(&self) -> Option<Level> {
        // Fidelity is about answers: nothing else could show it.
        let proven = self
            .findings
            .iter()
            .filter(|f| f.state == State::Proven && f.scenario != "fidelity");
        proven.filter_map(|f| f.level).max()
    }

    pub(crate) fn endpoints(&self) -> Vec<(&str, &str)> {
        let mut found: Vec<(&str, &str)> = Vec::new();
        for finding in &self.findings {
            if !found.iter().any(|(id, _)| *id == finding.endpoint) {
                found.push((&finding.endpoint, &finding.route));
            }
        }
        found
    }
}

impl Tally {
    /// Each number with its word.
    pub(crate) fn line(self) -> String {
        let mut line = format!(
            "{} violation{}, {} proven, {} not proven, {} skipped",
            self.violations,
            if self.violations == 1 { "" } else { "s" },
            self.proven,
            self.not_proven,
            self.skipped
        );
        if self.should > 0 {
            line.push_str(", ");
            line.push_str(&self.should.to_string());
            line.push_str(" missed SHOULD");
        }
        if self.not_run > 0 {
            line.push_str(", ");
            line.push_str(&self.not_run.to_string());
            line.push_str(" not run");
        }
        line
    }
}
