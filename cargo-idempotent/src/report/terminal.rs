//! The terminal's words: an entry for each finding, and the lines at the end.

use std::fmt::Write as _;

use crate::verdict::{Ended, Finding, Report, State};

/// One finding as it comes.
pub(crate) fn finding(finding: &Finding, seed: u64) -> String {
    let level = match (finding.state, finding.level) {
        (State::Skipped, _) | (_, None) => String::new(),
        (_, Some(level)) => format!(" ({})", level.word()),
    };
    let mut out = format!(
        "{} {} · {:<27} {}{level}\n  {}",
        finding.state.sign(),
        finding.route,
        finding.title,
        finding.state.word().to_uppercase(),
        finding.sentence
    );
    if matches!(finding.state, State::Violation | State::Should) {
        for fact in &finding.evidence.facts {
            let _ = write!(out, "\n  {fact}");
        }
        let _ = write!(out, "\n  Promised by: {}.", finding.clause);
        if !finding.likely.is_empty() {
            let _ = write!(
                out,
                "\n  Likely: {}. Mend: {}.",
                finding.likely, finding.mend
            );
        }
        let _ = write!(
            out,
            "\n  Reproduce: repro/{0}-{1}.sh   or   cargo idempotent run --only {0}/{1} --seed {seed}",
            finding.endpoint, finding.scenario
        );
    }
    out
}

/// The lines at the end; the last one is fixed, for those who parse it.
pub(crate) fn summary(report: &Report) -> String {
    let tally = report.tally();
    let mut lines = Vec::new();
    for control in report.controls.iter().filter(|c| !c.passed) {
        lines.push(format!(
            "control {} of {}: {}",
            control.id, control.endpoint, control.text
        ));
    }
    lines.extend(report.notes.iter().cloned());
    lines.push(format!("{}; seed {}", report.verdict(), report.seed));
    if let Some(level) = report.weakest() {
        let weakest = level.word();
        lines.push(format!(
            "the weakest oracle that a proof rests on: {weakest}"
        ));
    }
    let effects = report
        .effects
        .map(|e| format!(", {e} effects left on the target"));
    lines.push(format!(
        "{} requests, {} bursts{} in {:.1} s",
        report.requests,
        report.bursts,
        effects.unwrap_or_default(),
        std::time::Duration::from_millis(report.took_ms).as_secs_f64()
    ));
    for state in [State::NotProven, State::NotRun] {
        let own = report.findings.iter().filter(|f| f.state == state);
        let names: Vec<_> = own
            .map(|f| format!("{}/{}", f.endpoint, f.scenario))
            .collect();
        if !names.is_empty() {
            lines.push(format!(
                "{} {}, counted as skipped: {}",
                names.len(),
                state.word(),
                names.join(", ")
            ));
        }
    }
    lines.extend(report.ended.iter().map(Ended::line));
    lines.push(format!(
        "{} passed, {} failed, {} skipped",
        tally.proven,
        tally.violations,
        tally.not_proven + tally.should + tally.skipped + tally.not_run
    ));
    lines.join("\n")
}
