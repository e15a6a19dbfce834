//! A record's state in words.

use crate::outcome::Release;
use crate::record::State;
use crate::store::ListedState;

/// A state's word, how it is to be taken, and what it means.
pub(super) fn of(state: State) -> (&'static str, &'static str, &'static str) {
    match state {
        State::Running { .. } => (
            "Running",
            "good",
            "An attempt holds the lease. Retries get 409, or wait, until it ends.",
        ),
        State::Stuck => (
            "Stuck",
            "bad",
            "The attempt's lease ran out: its process died or is cut off. The next retry of the \
             same request takes over and runs the body again.",
        ),
        State::Free(Release::Retry) => (
            "Free",
            "",
            "The last attempt gave no final answer. The next request with this key runs.",
        ),
        State::Free(Release::Interrupted) => (
            "Interrupted",
            "warn",
            "The last attempt ended before its body did. A retry of the same request runs again, \
             unless the operation refuses or recovers it.",
        ),
        State::Done => (
            "Done",
            "good",
            "Retries get the stored answer until the record expires.",
        ),
        State::Tombstone => (
            "Tombstone",
            "warn",
            "The body ran to its end, and its answer could not be kept. Retries get 409 until the \
             record expires; nothing runs again.",
        ),
    }
}

/// The states that a list can be narrowed to, as the address and the form
/// have them.
pub(super) const LISTED: [(&str, &str, ListedState); 4] = [
    ("running", "Running", ListedState::Running),
    ("stuck", "Stuck", ListedState::Stuck),
    ("free", "Free", ListedState::Free),
    ("done", "Done", ListedState::Done),
];

/// The word of JSON.
pub(super) fn code(state: State) -> &'static str {
    match state {
        State::Running { .. } => "running",
        State::Stuck => "stuck",
        State::Free(Release::Retry) => "free",
        State::Free(Release::Interrupted) => "interrupted",
        State::Done => "done",
        State::Tombstone => "tombstone",
    }
}
