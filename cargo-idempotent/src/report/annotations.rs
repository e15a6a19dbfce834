//! For CI: GitHub's annotation lines, and SARIF 2.1.0.

use serde_json::json;

use crate::verdict::{Finding, Report, State};

/// A line for each violation, and for each thing not proven.
pub(crate) fn github(report: &Report) -> String {
    let line = |f: &Finding| {
        let kind = match f.state {
            State::Violation => "error",
            State::Should | State::NotProven => "warning",
            State::Proven | State::Skipped => return None,
        };
        let title = escaped(&format!("{} · {}", f.route, f.title));
        let title = title.replace(':', "%3A").replace(',', "%2C");
        Some(format!("::{kind} title={title}::{}", escaped(&f.sentence)))
    };
    let lines: Vec<_> = report.findings.iter().filter_map(line).collect();
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
            let level = match f.state {
                State::Violation => "error",
                State::Should | State::NotProven => "note",
                State::Proven | State::Skipped => return None,
            };
            let text = format!("{}: {} Promised by: {}.", f.route, f.sentence, f.clause);
            Some(json!({
                "ruleId": f.scenario,
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
    let sarif = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{ "tool": { "driver": driver }, "results": results }],
    });
    format!("{sarif:#}\n")
}
