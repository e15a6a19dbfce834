//! The suite fails when it should: without a store it names what is broken.

use std::collections::BTreeSet;
use std::process::Command;

/// What needs a store that remembers, of the modules that run in a second. What
/// is not here holds without one: a refused request, a released key, reading.
const BROKEN: [&str; 14] = [
    "accounts::a_key_under_another_account_is_another_key",
    "answers::a_streamed_answer_reaches_its_caller_whole",
    "answers::an_answer_over_the_cap_reaches_its_caller_whole",
    "conflicts::a_key_used_for_another_request_is_refused",
    "conflicts::a_refund_of_another_payment_under_one_key_is_refused",
    "conflicts::duplicates_of_a_refund_wait_for_its_answer",
    "conflicts::of_two_hundred_duplicates_at_once_one_has_the_effect",
    "keys::a_key_of_255_bytes_is_a_key",
    "keys::the_quoted_and_the_bare_form_are_one_key",
    "replays::a_refusal_is_an_answer_too",
    "replays::a_replay_is_equal_byte_for_byte",
    "replays::a_replay_of_a_refund_is_equal_byte_for_byte",
    "retries::a_key_that_was_released_takes_another_card",
    "retries::a_panic_is_500_and_never_a_stuck_key",
];

#[test]
fn without_a_store_the_suite_fails() {
    let own = std::env::current_exe().expect("a program of our own");
    let mut suite = Command::new(own);
    suite.env(crate::service::STORE, "none").arg("--quiet");
    suite.args([
        "--skip",
        "noticing::",
        "--skip",
        "bounds::",
        "--skip",
        "leaving::",
        "--skip",
        "stores::",
    ]);
    let ended = suite.output().expect("a program that starts");
    assert!(!ended.status.success());
    let said = String::from_utf8_lossy(&ended.stdout);
    let failed: BTreeSet<_> = said
        .lines()
        .filter_map(|line| line.strip_prefix("---- ")?.strip_suffix(" stdout ----"))
        .collect();
    assert_eq!(failed, BTreeSet::from(BROKEN), "{said}");
}
