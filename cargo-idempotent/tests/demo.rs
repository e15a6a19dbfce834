//! The demo as a user runs it: the right service passes, the broken twin is found out.
#![cfg(feature = "cli")]

use std::{path::PathBuf, process::Command};

/// Runs the command in a folder of its own.
fn run(name: &str, args: &[&str]) -> (Option<i32>, String, PathBuf) {
    let folder =
        std::env::temp_dir().join(format!("cargo-idempotent-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-idempotent"));
    let out = command.args(args).current_dir(&folder).output().unwrap();
    let text = String::from_utf8(out.stdout).unwrap() + &String::from_utf8(out.stderr).unwrap();
    (out.status.code(), text, folder)
}

#[test]
fn the_demo_of_the_right_service_ends_zero() {
    let (code, text, folder) = run("right", &["idempotent", "demo"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.ends_with("15 passed, 0 failed, 27 skipped\n"),
        "{text}"
    );
    let plan = std::fs::read_to_string(folder.join("runs/demo/plan.yaml")).unwrap();
    assert!(!plan.contains("alice"), "{plan}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_broken_twin_ends_one_with_its_four_faults_named() {
    let (code, text, folder) = run("broken", &["demo", "--broken"]);
    assert_eq!(code, Some(1), "{text}");
    for fault in [
        "concurrent duplicates       VIOLATION (effect ledger)",
        "same key, other payload     VIOLATION",
        "same key, other principal   VIOLATION (effect ledger)",
        "the method twice            VIOLATION (state probe)",
    ] {
        assert!(text.contains(fault), "{fault}\n{text}");
    }
    // The race may show under many keys as well: four faults, or five violations.
    let failed = text.matches("VIOLATION (").count();
    let last = format!("{} passed, {failed} failed, 27 skipped\n", 15 - failed);
    assert!((4..=5).contains(&failed) && text.ends_with(&last), "{text}");
    let out = folder.join("runs/demo");
    let page = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.contains("<mark>") && !page.contains("alice"));
    assert!(
        !page.contains("src=") && !page.contains("href=\"http"),
        "it loads nothing"
    );
    for part in [
        "prefers-color-scheme:dark",
        "201 ≠",
        "<span style=\"left:100%\">",
        "class=\"copy\"",
    ] {
        assert!(page.contains(part), "{part}");
    }
    let junit = std::fs::read_to_string(out.join("junit.xml")).unwrap();
    let failures = format!("failures=\"{failed}\"");
    assert!(junit.contains(&failures), "{junit}");
    assert!(out.join("repro/payments-concurrent.sh").exists());
    // Scripts have fresh keys, and secrets from variables: nothing of the run.
    let script = std::fs::read_to_string(out.join("repro/payments-other-payload.sh")).unwrap();
    for part in [
        "KEY1=$(fresh)",
        "'\"$KEY1\"''",
        "'\"$IDEMPOTENT_AUTHORIZATION\"''",
        "\"$TARGET\"/v1/payments",
    ] {
        assert!(script.contains(part), "{part}\n{script}");
    }
    // The same page again, its timelines made of the events, and none without these.
    assert!(page.contains("class=\"lane\""));
    let (_, _, _) = run("broken", &["report", "runs/demo", "--report", "html"]);
    let again = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert_eq!(again, page);
    std::fs::remove_file(out.join("events.jsonl")).unwrap();
    let (_, _, _) = run("broken", &["report", "runs/demo", "--report", "html"]);
    let bare = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(!bare.contains("class=\"lane\""));
    // The same findings again from the record alone.
    let (code, again, _) = run(
        "broken",
        &["report", "runs/demo", "--report", "sarif,github"],
    );
    assert_eq!(code, Some(1), "{again}");
    assert_eq!(again.matches("::error title=").count(), failed, "{again}");
    let sarif = std::fs::read_to_string(out.join("report.sarif")).unwrap();
    assert_eq!(sarif.matches("\"level\": \"error\"").count(), failed);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_target_that_is_not_this_machine_needs_its_name_in_words() {
    let (_, _, folder) = run("far", &["explain"]);
    let plan = "version: 1\ntarget: http://192.0.2.1\nprofile: default\nendpoints: []\n";
    std::fs::write(folder.join("plan.yaml"), plan).unwrap();
    let (code, text, _) = run("far", &["run"]);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("--i-may-change-data-on 192.0.2.1"), "{text}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_misspelt_field_of_a_plan_is_named_with_its_line() {
    let (_, _, folder) = run("misspelt", &["explain"]);
    let plan = "version: 1\ntarget: http://127.0.0.1:1\nprofile: default\nendponts: []\n";
    std::fs::write(folder.join("plan.yaml"), plan).unwrap();
    let (code, text, _) = run("misspelt", &["run"]);
    assert_eq!(code, Some(2), "{text}");
    assert!(
        text.contains("plan.yaml:4") && text.contains("endponts"),
        "{text}"
    );
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_target_that_does_not_answer_ends_three() {
    let (_, _, folder) = run("dead", &["demo"]);
    // The demo's service is gone: its plan has nobody to talk to.
    let header = ["--header", "Authorization: Bearer alice"];
    let (code, text, _) = run(
        "dead",
        &["run", "runs/demo/plan.yaml", header[0], header[1]],
    );
    assert_eq!(code, Some(3), "{text}");
    std::fs::remove_dir_all(folder).unwrap();
}
