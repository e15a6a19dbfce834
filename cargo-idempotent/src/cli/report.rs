//! `report`: a run's record made into pages and files, at the run or again later.

use std::path::Path;

use super::{
    End,
    args::{self, Form},
    export::write,
};
use crate::{
    Problem, report,
    verdict::{self, Finding, Report, State},
};

pub(super) fn run(args: &args::Report) -> Result<End, Problem> {
    let path = args.run.join("run.json");
    let text = std::fs::read_to_string(&path).map_err(|e| Problem::file(&path, e.to_string()))?;
    let mut record: Report = serde_json::from_str(&text).map_err(|e| {
        Problem::at(e.line(), "", e.to_string()).in_file(&path.display().to_string())
    })?;
    timelines(&mut record, &args.run)?;
    for finding in record
        .findings
        .iter()
        .filter(|f| !matches!(f.state, State::Skipped | State::NotRun))
    {
        println!("{}", report::finding(finding, record.seed));
    }
    println!("{}", report::summary(&record));
    make(&record, &args.report, &args.run, "plan.yaml")?;
    Ok(End::Found(report::code(&record, args.allow_not_proven)))
}

/// The timelines, from the run's events; without these a report has none.
pub(super) fn timelines(record: &mut Report, out: &Path) -> Result<(), Problem> {
    let path = out.join("events.jsonl");
    match std::fs::File::open(&path) {
        Ok(file) => {
            let unread = verdict::timelines(record, std::io::BufReader::new(file));
            if unread > 0 {
                eprintln!("{}: {unread} lines are no events", path.display());
            }
            Ok(())
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(Problem::file(&path, e.to_string())),
    }
}

/// Writes the record, the reports that are asked for, and a script for each failure.
pub(super) fn make(record: &Report, forms: &[Form], out: &Path, plan: &str) -> Result<(), Problem> {
    let fail = |name: &str, e: String| Problem::file(&out.join(name), e);
    for form in forms {
        let (name, text) = match form {
            Form::Json => {
                let json = serde_json::to_string_pretty(record);
                (
                    "run.json",
                    json.map_err(|e| fail("run.json", e.to_string()))?,
                )
            }
            Form::Html => {
                let html = report::html(record);
                ("report.html", html.map_err(|e| fail("report.html", e))?)
            }
            Form::Junit => {
                let junit = report::junit(record);
                ("junit.xml", junit.map_err(|e| fail("junit.xml", e))?)
            }
            Form::Sarif => ("report.sarif", report::sarif(record, plan)),
            Form::Github => {
                let lines = report::github(record);
                if !lines.is_empty() {
                    println!("{lines}");
                }
                continue;
            }
        };
        write(&out.join(name), &text)?;
    }
    for finding in record.findings.iter().filter(|f| has_script(f)) {
        let name = format!("repro/{}-{}.sh", finding.endpoint, finding.scenario);
        write(&out.join(name), &finding.evidence.script)?;
    }
    Ok(())
}

fn has_script(finding: &Finding) -> bool {
    let failed = matches!(finding.state, State::Violation | State::Should);
    failed && !finding.evidence.script.is_empty()
}
