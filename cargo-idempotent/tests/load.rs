//! Many keys at once: how long they take is told, warned of, and accuses nobody.
#![cfg(feature = "cli")]

mod shop;

use std::time::Duration;

use shop::{Promise, Ran, run};

const PLAN: &str = "profile: default\n";

fn facts(ran: &Ran) -> Vec<String> {
    let text = std::fs::read_to_string(ran.folder.join("out/run.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let facts = json["findings"][0]["evidence"]["facts"].as_array().unwrap();
    facts
        .iter()
        .map(|f| f.as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_load_is_compared_with_unique_requests_and_with_one_alone() {
    let ran = run("load", Promise::default(), PLAN, &["--only", "mixed"]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    let facts = facts(&ran);
    assert!(
        facts[0].contains(" ms under the same load of unique requests, and "),
        "{facts:?}"
    );
}

#[test]
fn keys_that_wait_for_each_others_duplicates_are_warned_of_and_not_accused() {
    let promise = Promise {
        jams: Some(Duration::from_millis(80)),
        ..Promise::default()
    };
    let ran = run("jams", promise, PLAN, &["--only", "mixed"]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    let (state, sentence) = ran.found("mixed");
    assert_eq!(state, "proven");
    assert!(
        sentence.contains("Warning: keys wait for each other"),
        "{sentence}"
    );
    assert_eq!(facts(&ran).len(), 3, "a line a round");
}

#[test]
fn a_budget_that_has_no_room_for_the_comparison_leaves_the_verdict() {
    let plan = "profile: default\nbudget: { time: 10s, bursts: 10, effects: 30 }\n";
    let ran = run("room", Promise::default(), plan, &["--only", "mixed"]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    let facts = facts(&ran);
    let said = "how long keys wait was not measured: the budget of 30 effects is used up";
    assert!(facts[0].starts_with(said), "{facts:?}");
}
