//! Retries after the lease and after the ttl: judged by what the plan declares.
#![cfg(feature = "cli")]

mod shop;

use std::time::Duration;

use shop::{Promise, run};

const SHORT: &str = "profile: default\nlease: 1s\nttl: 3s\n";

#[test]
fn a_service_that_keeps_its_lease_and_its_ttl_is_proven() {
    let ran = run("keeps", Promise::default(), SHORT, &["--only", "lease,ttl"]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    assert!(
        ran.text.ends_with("2 passed, 0 failed, 0 skipped\n"),
        "{}",
        ran.text
    );
    let (_, lease) = ran.found("lease");
    assert!(
        lease.starts_with("2 of 2 attempts held their key"),
        "{lease}"
    );
}

#[test]
fn an_answer_that_is_forgotten_within_its_ttl_is_a_violation() {
    let ttl = Some(Duration::from_millis(500));
    let promise = Promise {
        ttl,
        ..Promise::default()
    };
    let ran = run("early", promise, SHORT, &["--only", "ttl"]);
    assert_eq!(ran.code, Some(1), "{}", ran.text);
    let (state, sentence) = ran.found("ttl");
    assert_eq!(state, "violation");
    assert!(
        sentence.contains("keys ran again: the effect ledger rose by 3"),
        "{sentence}"
    );
}

#[test]
fn an_answer_that_is_kept_for_ever_breaks_the_default_profile_and_no_other() {
    let promise = || Promise {
        ttl: None,
        ..Promise::default()
    };
    let ran = run("for-ever", promise(), SHORT, &["--only", "ttl"]);
    assert_eq!(ran.code, Some(1), "{}", ran.text);
    assert!(
        ran.found("ttl").1.starts_with("A ttl has no end"),
        "{}",
        ran.text
    );
    let stripe = SHORT.replace("default", "stripe");
    let ran = run("for-ever-stripe", promise(), &stripe, &["--only", "ttl"]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
}

#[test]
fn a_key_that_is_stuck_beyond_its_lease_is_a_violation() {
    let promise = Promise {
        lease: None,
        ..Promise::default()
    };
    let ran = run("stuck", promise, SHORT, &["--only", "lease"]);
    assert_eq!(ran.code, Some(1), "{}", ran.text);
    let (_, sentence) = ran.found("lease");
    assert!(
        sentence.contains("The key is stuck: its lease is 1s"),
        "{sentence}"
    );
}

#[test]
fn an_attempt_that_commits_after_its_takeover_is_a_violation() {
    let promise = Promise {
        fenced: false,
        ..Promise::default()
    };
    let ran = run("zombie", promise, SHORT, &["--only", "lease"]);
    assert_eq!(ran.code, Some(1), "{}", ran.text);
    let (_, sentence) = ran.found("lease");
    assert!(
        sentence.contains("went on after its key was taken over"),
        "{sentence}"
    );
}

#[test]
fn what_takes_longer_than_the_patience_or_is_not_declared_is_skipped_with_the_number() {
    let only = ["--only", "lease,ttl,sequential", "--patience", "10s"];
    let long = "profile: default\nlease: 30s\nttl: 24h\n";
    let ran = run("long", Promise::default(), long, &only);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    let skipped = |s: &str| ran.found(s);
    let lease = "the lease is 30s, and --patience is 10s".to_owned();
    assert_eq!(skipped("lease"), ("skipped".to_owned(), lease));
    let ttl = "the ttl is 1d, and --patience is 10s".to_owned();
    assert_eq!(skipped("ttl"), ("skipped".to_owned(), ttl));
    let ran = run("silent", Promise::default(), "profile: default\n", &only);
    assert_eq!(ran.found("ttl").1, "the plan declares no `ttl`");
}

#[test]
fn a_key_in_use_without_a_declared_lease_accuses_nobody() {
    let promise = Promise {
        lease: None,
        ..Promise::default()
    };
    let only = ["--only", "abort", "--patience", "1s"];
    let ran = run("undeclared", promise, "profile: default\n", &only);
    assert_eq!(ran.code, Some(4), "{}", ran.text);
    let (_, sentence) = ran.found("abort");
    assert!(sentence.contains("say `lease:` in the plan"), "{sentence}");
}
