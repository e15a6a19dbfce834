//! What is told as a violation: facts with their rate, the rest only three times out of
//! three, and nothing that other traffic could have done.
#![cfg(feature = "cli")]

mod shop;

use shop::{Promise, Ran, run};

fn late(promise: Promise) -> Promise {
    Promise {
        early: false,
        ..promise
    }
}

fn facts(ran: &Ran, scenario: &str) -> String {
    let text = std::fs::read_to_string(ran.folder.join("out/run.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let findings = json["findings"].as_array().unwrap();
    let found = findings.iter().find(|f| f["scenario"] == scenario).unwrap();
    found["evidence"]["facts"].to_string()
}

#[test]
fn a_fact_is_told_with_its_rate() {
    let keyless = late(Promise {
        keyless: true,
        ..Promise::default()
    });
    let ran = run(
        "rate",
        keyless,
        "profile: default\n",
        &["--only", "sequential"],
    );
    assert_eq!(ran.code, Some(1), "{}", ran.text);
    let facts = facts(&ran, "sequential");
    assert!(facts.contains("again in 5 of 5 repetitions"), "{facts}");
    assert_eq!(ran.text.matches("C6").count(), 0);
}

#[test]
fn what_comes_and_goes_is_unstable_and_no_violation() {
    let unsteady = late(Promise {
        unsteady: true,
        ..Promise::default()
    });
    let ran = run(
        "unsteady",
        unsteady,
        "profile: default\n",
        &["--only", "sequential"],
    );
    assert_eq!(ran.code, Some(4), "{}", ran.text);
    assert!(
        ran.found("sequential").1.starts_with("Unstable"),
        "{}",
        ran.text
    );
}

#[test]
fn a_ledger_that_others_move_accuses_nobody() {
    // From this look on: the controls have passed by then.
    let drifting = late(Promise {
        drifts: Some(12),
        ..Promise::default()
    });
    let ran = run(
        "others",
        drifting,
        "profile: default\n",
        &["--only", "sequential"],
    );
    assert_eq!(ran.code, Some(4), "{}", ran.text);
    assert!(!ran.text.contains("VIOLATION"), "{}", ran.text);
    assert!(
        ran.text.contains("moved while nothing was sent"),
        "{}",
        ran.text
    );
}

#[test]
fn what_the_plan_expects_stands_before_the_profile() {
    let optional = || {
        late(Promise {
            optional: true,
            ..Promise::default()
        })
    };
    let only = ["--only", "missing-key"];
    let ran = run("optional", optional(), "profile: default\n", &only);
    assert_eq!(ran.code, Some(1), "{}", ran.text);
    assert!(
        facts(&ran, "missing-key").contains("3 of 3 times"),
        "{}",
        ran.text
    );
    let expects = "  expect: { missing-key: { status: [201] } }\n";
    let ran = shop::run_with(
        "optional-declared",
        optional(),
        "profile: default\n",
        expects,
        &only,
    );
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    let bare = late(Promise {
        unsteady: true,
        ..Promise::default()
    });
    let expects = "  expect: { sequential: { replayed: false } }\n";
    let only = ["--only", "sequential"];
    let ran = shop::run_with("unmarked", bare, "profile: default\n", expects, &only);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
}

#[test]
fn a_missed_should_fails_only_if_the_plan_is_strict() {
    let optional = || {
        late(Promise {
            optional: true,
            ..Promise::default()
        })
    };
    let only = ["--only", "missing-key"];
    let ran = run("should", optional(), "profile: ietf\n", &only);
    assert_eq!(ran.code, Some(4), "{}", ran.text);
    assert!(
        ran.text.ends_with("0 passed, 0 failed, 1 skipped\n"),
        "{}",
        ran.text
    );
    let ran = run("strict", optional(), "profile: ietf\nstrict: true\n", &only);
    assert_eq!(ran.code, Some(1), "{}", ran.text);
    assert!(
        ran.text.ends_with("0 passed, 1 failed, 0 skipped\n"),
        "{}",
        ran.text
    );
}
