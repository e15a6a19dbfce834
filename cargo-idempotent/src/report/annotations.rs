//! For CI: GitHub's annotation lines, and SARIF 2.1.0.

use serde_json::json;

use crate::verdict::{Finding, Report, State};

/// A line for each violation, and for each thing not proven.
pub(crate) fn github(report: &Report) -> String {
    let line = |f: &Finding| {
        let kind = match f.state {
            State::Violation => "error",
            State::Should | State::NotProven => "warning",
            // All of them have the run's own reason.
            State::NotRun | State::Proven | State::Skipped => return None,
        };
        let title = escaped(&format!("{} · {}", f.route, f.title));
        let title = title.replace(':', "%3A").replace(',', "%2C");
        Some(format!("::{kind} title={title}::{}", escaped(&f.sentence)))
    };
    let ended = report.ended.as_ref().map(|ended| {
        let left = report.tally().not_run;
        let text = escaped(&format!("{} Not run: {left}.", ended.line()));
        format!("::error title=cargo idempotent ended early::{text}")
    });
    let notes = report.notes.iter().map(|note| {
        let text = escaped(note);
        format!("::warning title=cargo idempotent::{text}")
    });
    let lines = ended.into_iter().chain(notes);
    let lines: Vec<_> = lines
        .chain(report.findings.iter().filter_map(line))
        .collect();
    lines.join("\n")
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A rule per scenario; results point at the plan.
pub(crate) fn sarif(report: &Report, plan: &str) -> String {
    let rules: Vec<_> = crate::scenario::SCENARIOS
        .iter()
        .map(|s| {
            json!({
                "id": s.id,
                "shortDescription": { "text": s.title },
                "fullDescription": { "text": s.why },
            })
        })
        .collect();
    let results: Vec<_> = report
        .findings
        .iter()
        .filter_map(|f| {
            let (kind, level) = match f.state {
                State::Violation => ("fail", "error"),
                State::Should | State::NotProven => ("fail", "note"),
                State::NotRun => ("open", "none"),
                State::Proven | State::Skipped => return None,
            };
            let text = format!("{}: {} Promised by: {}.", f.route, f.sentence, f.clause);
            Some(json!({
                "ruleId": f.scenario,
                "kind": kind,
                "level": level,
                "message": { "text": text },
                "locations": [{
                    "physicalLocation": { "artifactLocation": { "uri": plan } },
                    "logicalLocations": [{ "fullyQualifiedName": f.endpoint }],
                }],
            }))
        })
        .collect();
    let driver = json!({
        "name": "cargo-idempotent",
        "version": env!("CARGO_PKG_VERSION"),
        "rules": rules,
    });
    let told = |level: &str, text: &str| json!({ "level": level, "message": { "text": text } });
    let notes = report.notes.iter().map(|note| told("warning", note));
    let ended = report.ended.iter().map(|e| told("error", &e.line()));
    let mut invocation = json!({
        "executionSuccessful": report.ended.is_none(),
        "toolExecutionNotifications": ended.chain(notes).collect::<Vec<_>>(),
    });
    if let Some(ended) = &report.ended {
        invocation["exitCode"] = json!(ended.how.code());
    }
    let sarif = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{ "tool": { "driver": driver }, "invocations": [invocation], "results": results }],
    });
    format!("{sarif:#}\n")
}
