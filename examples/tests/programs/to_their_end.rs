//! Every example but the service ends by itself, and asserts what it shows.

use crate::example;

fn said_by(name: &str) -> String {
    let ended = example(name).output().expect("a program that starts");
    let said = String::from_utf8(ended.stdout).expect("text");
    let complaints = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{name}: {said}{complaints}");
    said
}

fn last_line(said: &str) -> &str {
    said.lines().last().unwrap_or_default()
}

#[test]
fn quickstart() {
    let said = said_by("quickstart");
    for scene in [
        "first request: 200 (effects so far: 1)",
        "five retries: the same bytes: 200 (effects so far: 1)",
        "fifty duplicates at once: 200 (effects so far: 2)",
        "the same key, another amount: 422 (effects so far: 2)",
        "no key: 400 (effects so far: 2)",
        "a client hangs up, and retries: 200 (effects so far: 3)",
    ] {
        assert!(said.contains(scene), "{scene}: {said}");
    }
    assert!(
        last_line(&said).starts_with("ok: 3 orders, 3 effects"),
        "{said}"
    );
}

#[test]
fn webhook() {
    let said = said_by("webhook");
    assert_eq!(last_line(&said), "ok: 2 events, 5 deliveries, 2 shipments");
}

#[test]
fn jobs() {
    let said = said_by("jobs");
    assert!(
        said.contains("job-1005 delivery 1: the worker died"),
        "{said}"
    );
    assert_eq!(last_line(&said), "ok: 5 jobs, 5 mails");
}

#[test]
fn recover() {
    let said = said_by("recover");
    assert!(said.contains("Err(\"outcome-unknown\")"), "{said}");
    assert_eq!(last_line(&said), "ok: 3 orders, 3 crashes, 3 charges");
}

#[cfg(feature = "sqlite")]
#[test]
fn checkout() {
    let said = said_by("checkout");
    assert_eq!(
        last_line(&said),
        "ok: 7 orders, 7 crashes, every effect once"
    );
}

#[cfg(feature = "sqlite")]
#[test]
fn inbox() {
    let said = said_by("inbox");
    assert_eq!(
        last_line(&said),
        "ok: 3 messages, 8 deliveries, 4 crashes, 3 entries"
    );
}

#[cfg(feature = "sea-orm")]
#[test]
fn sea_orm() {
    let said = said_by("sea_orm");
    assert_eq!(last_line(&said), "ok: 11 requests, 2 keys, 1 payment");
}

#[cfg(feature = "sqlite")]
#[test]
fn fence() {
    let said = said_by("fence");
    assert!(said.contains("awake again: Err(Paused("), "{said}");
    assert!(last_line(&said).starts_with("ok: the table has what the second"));
}

#[test]
fn custom_store() {
    let said = said_by("custom_store");
    assert!(said.contains(" 0 failed,"), "{said}");
    assert!(
        last_line(&said).ends_with("20 calls at once, 1 effect"),
        "{said}"
    );
}

#[cfg(feature = "observed")]
#[test]
fn observed() {
    let said = said_by("observed");
    assert!(said.contains("the clean half: no findings"), "{said}");
    let planted = examples::observed::EXPECTED.len();
    let verdict = format!("ok: {planted} findings, each of them planted");
    assert_eq!(last_line(&said), verdict);
}

#[cfg(feature = "otlp")]
#[test]
fn traced() {
    let said = said_by("traced");
    let linked = said.lines().filter(|line| line.contains("linked to span"));
    assert_eq!(linked.count(), 1, "{said}");
    assert_eq!(
        last_line(&said),
        "ok: 1 payment, 1 replay, linked to its original"
    );
}
