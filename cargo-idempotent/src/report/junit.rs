//! `JUnit` XML, as CI systems read it: a suite per endpoint, a case per scenario.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Report as Junit, TestCase, TestCaseStatus, TestSuite};

use crate::verdict::{Finding, Report, State};

pub(crate) fn junit(report: &Report) -> Result<String, String> {
    let mut out = Junit::new("cargo-idempotent");
    out.set_time(Duration::from_millis(report.took_ms));
    for (endpoint, route) in report.endpoints() {
        let mut suite = TestSuite::new(route);
        suite.add_property(("seed", report.seed.to_string().as_str()));
        suite.add_property(("profile", report.profile.as_str()));
        for note in &report.notes {
            suite.add_property(("note", note.as_str()));
        }
        let own = report.findings.iter().filter(|f| f.endpoint == endpoint);
        suite.add_test_cases(own.map(case));
        out.add_test_suite(suite);
    }
    if let Some(ended) = &report.ended {
        let mut error = TestCaseStatus::non_success(NonSuccessKind::Error);
        error.set_message(ended.line());
        error.set_type(ended.how.word());
        let mut suite = TestSuite::new("the run");
        suite.add_test_case(TestCase::new("goes to its end", error));
        out.add_test_suite(suite);
    }
    out.to_string().map_err(|e| e.to_string())
}

fn case(finding: &Finding) -> TestCase {
    let status = match finding.state {
        State::Proven => TestCaseStatus::success(),
        State::Violation => {
            let mut failure = TestCaseStatus::non_success(NonSuccessKind::Failure);
            failure.set_message(finding.sentence.as_str());
            failure.set_type(finding.clause.as_str());
            failure.set_description(finding.evidence.facts.join("\n"));
            failure
        }
        State::Should | State::NotProven | State::NotRun | State::Skipped => {
            let mut skipped = TestCaseStatus::skipped();
            skipped.set_message(format!("{}: {}", finding.state.word(), finding.sentence));
            skipped
        }
    };
    let mut case = TestCase::new(finding.title.as_str(), status);
    case.set_classname(finding.endpoint.as_str());
    if finding.state == State::Proven {
        case.set_system_out(finding.sentence.as_str());
    }
    case
}
