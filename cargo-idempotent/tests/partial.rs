//! A run that its target or a signal ends: what was found until then is in every report,
//! and what was not run is said, with the reason.
#![cfg(feature = "cli")]

mod shop;

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;
use shop::{Promise, Ran, Shop, folder, plan, run, tool};

const PLAN: &str = "profile: default\nttl: 3s\n";
const SOME: [&str; 4] = [
    "--only",
    "sequential,missing-key,mixed,ttl",
    "--report",
    "html,junit,json,sarif,github",
];

fn file(ran: &Ran, name: &str) -> String {
    std::fs::read_to_string(ran.folder.join("out").join(name)).unwrap()
}

fn record(folder: &Path) -> Value {
    let text = std::fs::read_to_string(folder.join("out/run.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Three orders are the controls', three the sequential duplicate's: it dies under many.
fn dying(keyless: bool) -> Promise {
    Promise {
        dies: Some(if keyless { 20 } else { 10 }),
        keyless,
        early: false,
        ..Promise::default()
    }
}

#[test]
fn what_was_found_before_the_target_died_is_in_every_report() {
    let ran = run("died", dying(false), PLAN, &SOME);
    assert_eq!(ran.code, Some(3), "{}", ran.text);
    let states = ["sequential", "missing-key", "mixed", "ttl"].map(|s| ran.found(s).0);
    assert_eq!(states, ["proven", "proven", "not-proven", "not-run"]);
    assert_eq!(ran.found("ttl").1, "the target failed, in orders/mixed");
    for part in [
        "The run ended early, in orders/mixed: the target does not answer any more: ",
        "To do: look at the service's log",
        "1 not run, counted as skipped: orders/ttl",
        "::error title=cargo idempotent ended early::The run ended early",
    ] {
        assert!(ran.text.contains(part), "{part}\n{}", ran.text);
    }
    let last = "2 passed, 0 failed, 2 skipped\n";
    assert!(ran.text.ends_with(last), "{}", ran.text);
    let page = file(&ran, "report.html");
    for part in [
        "Ended early: 0 violations, 2 proven, 1 not proven, 0 skipped, 1 not run",
        "<h2>The run ended early</h2>",
        "· not run",
    ] {
        assert!(page.contains(part), "{part}");
    }
    let junit = file(&ran, "junit.xml");
    assert!(
        junit.contains("errors=\"1\"") && junit.contains("not run: the target failed"),
        "{junit}"
    );
    let sarif: Value = serde_json::from_str(&file(&ran, "report.sarif")).unwrap();
    let one = &sarif["runs"][0];
    assert_eq!(one["invocations"][0]["executionSuccessful"], false);
    assert_eq!(one["invocations"][0]["exitCode"], 3);
    let results = one["results"].as_array().unwrap();
    let open: Vec<_> = results.iter().filter(|r| r["kind"] == "open").collect();
    assert_eq!((open.len(), &open[0]["ruleId"]), (1, &"ttl".into()));
    // What is counted of a target that is gone is the last count that was seen.
    assert!(record(&ran.folder)["effects"].as_i64().unwrap() >= 6);
    let schema = include_str!("../schemas/run.schema.json");
    let schema = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    assert!(schema.is_valid(&record(&ran.folder)));
    // The same again from the record.
    let again = tool(&ran.folder, &["report", "out", "--report", "html"], &[]);
    assert_eq!(again.code, Some(3), "{}", again.text);
    assert_eq!(file(&ran, "report.html"), page);
    std::fs::remove_dir_all(ran.folder).unwrap();
}

#[test]
fn a_violation_that_was_found_before_stays_one_and_the_code_is_the_targets() {
    let ran = run("violated-died", dying(true), PLAN, &SOME);
    assert_eq!(ran.code, Some(3), "{}", ran.text);
    assert_eq!(ran.found("sequential").0, "violation");
    assert!(ran.text.contains(" 1 failed, "), "{}", ran.text);
    assert!(file(&ran, "report.html").contains("class=\"bad\""));
    assert!(ran.folder.join("out/repro/orders-sequential.sh").exists());
    std::fs::remove_dir_all(ran.folder).unwrap();
}

#[test]
fn a_target_that_does_not_come_up_leaves_a_report_in_which_nothing_was_run() {
    let folder = folder("absent");
    plan(&folder, "http://127.0.0.1:1", PLAN);
    let args = ["run", "--out", "out", "--only", "sequential,mixed"];
    let command = ["--target-cmd", "false"];
    let ran = tool(&folder, &[&args[..], &command].concat(), &[]);
    assert_eq!(ran.code, Some(3), "{}", ran.text);
    let said = "The run ended early, in the start of --target-cmd: false ended at once";
    assert!(ran.text.contains(said), "{}", ran.text);
    for scenario in ["sequential", "mixed"] {
        assert_eq!(ran.found(scenario).0, "not-run");
    }
    assert_eq!(record(&folder)["requests"], 0);
    assert!(file(&ran, "junit.xml").contains("errors=\"1\""));
    // Somebody else's port is a mistake of the command line, and nothing is run at all.
    let shop = Shop::open(Promise::default());
    let taken = ["--target", &shop.url];
    let ran = tool(&folder, &[&args[..], &command, &taken].concat(), &[]);
    assert_eq!(ran.code, Some(2), "{}", ran.text);
    std::fs::remove_dir_all(folder).unwrap();
}

/// Runs until the ttl is waited for, and sends a signal.
fn signalled(name: &str, signal: &str) -> (Option<i32>, String, Value) {
    let shop = Shop::open(Promise::default());
    let folder = folder(name);
    let long = "profile: default\nttl: 1h\n";
    plan(&folder, &shop.url, long);
    let mut tool = Command::new(env!("CARGO_BIN_EXE_cargo-idempotent"))
        .args(["run", "--out", "out", "--patience", "2h", "--only"])
        .arg("sequential,ttl,twice")
        .current_dir(&folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(tool.stdout.take().unwrap()).lines();
    let mut text = String::new();
    let mut line = || {
        let line = lines.next()?.unwrap();
        text.push_str(&line);
        text.push('\n');
        Some(line)
    };
    while !line().unwrap().starts_with("orders/ttl (2 of 3)") {}
    let id = tool.id().to_string();
    let sent = Command::new("kill").args([signal, &id]).status().unwrap();
    assert!(sent.success());
    #[allow(
        clippy::disallowed_methods,
        reason = "a process of its own is waited for"
    )]
    let start = Instant::now();
    while line().is_some() {}
    let code = tool.wait().unwrap().code();
    assert!(start.elapsed() < Duration::from_secs(30), "{text}");
    let record = record(&folder);
    std::fs::remove_dir_all(folder).unwrap();
    (code, text, record)
}

#[test]
fn ctrl_c_ends_a_run_with_its_reports_and_the_code_of_the_signal() {
    for (signal, code, word) in [("-INT", 130, "SIGINT"), ("-TERM", 143, "SIGTERM")] {
        let (got, text, record) = signalled(&format!("signal{signal}"), signal);
        assert_eq!(got, Some(code), "{text}");
        assert!(
            text.contains(word) && text.contains("in orders/ttl"),
            "{text}"
        );
        assert!(text.ends_with("1 passed, 0 failed, 2 skipped\n"), "{text}");
        let states = record["findings"].as_array().unwrap().iter();
        let states: Vec<_> = states.map(|f| f["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["proven", "not-proven", "skipped"], "{text}");
    }
}
