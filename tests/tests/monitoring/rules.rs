//! The rules: promtool finds no fault in them, their unit tests pass, and each
//! alert has a test and a runbook.

use std::path::PathBuf;
use std::process::Command;

use xtask::servers::Prometheus;

use crate::kit;

fn promtool(command: [&str; 2], files: &[PathBuf]) {
    let program = Prometheus::promtool().expect("apt-get install prometheus");
    let output = Command::new(program).args(command).args(files).output();
    let output = output.expect("promtool starts");
    let said = String::from_utf8_lossy(&output.stdout);
    let warned = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{warned}");
}

#[test]
fn promtool_finds_no_fault_in_the_rules() {
    promtool(["check", "rules"], &kit::yml("rules"));
}

#[test]
fn every_alert_fires_and_stays_silent_as_its_tests_say() {
    promtool(["test", "rules"], &kit::yml("tests"));
}

#[test]
fn every_alert_has_a_test_in_which_it_fires() {
    let tests: String = kit::yml("tests").iter().map(kit::read).collect();
    let alerts = kit::alerts();
    assert_eq!(alerts.len(), kit::rules().matches("- alert:").count());
    for alert in alerts {
        let fires = format!("ALERTS{{alertname=\"{alert}\", alertstate=\"firing\"");
        assert!(tests.contains(&fires), "no test lets {alert} fire");
    }
}

/// rustdoc makes a heading's anchor of its text in lower case.
#[test]
fn every_alert_leads_to_its_runbook() {
    const CHAPTER: &str =
        "https://docs.rs/idempotent-runtime/latest/idempotent_runtime/docs/alerts/index.html#";
    let rules = kit::rules();
    let chapter = kit::read("idempotent-runtime/docs/alerts.md");
    let alerts = kit::alerts();
    for alert in &alerts {
        let link = format!("runbook_url: {CHAPTER}{}\n", alert.to_lowercase());
        assert!(rules.contains(&link), "{alert} has no {link}");
        let heading = format!("\n## `{alert}`\n");
        assert!(chapter.contains(&heading), "no runbook of {alert}");
    }
    assert_eq!(chapter.matches("\n## ").count(), alerts.len());
}
