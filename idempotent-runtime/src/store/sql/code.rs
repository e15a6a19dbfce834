//! The numbers in the columns `state` and `previous`, and those that the
//! statements answer with. They are stored: never change one, only add.

use std::time::Duration;

use crate::outcome::{Completion, Previous, Release, Winner};
use crate::record::State;
use crate::store::{ListedState, StoreError};

/// The column `state`.
mod state {
    /// An attempt runs, or ran when its lease ran out.
    pub(super) const RUNNING: i64 = 1;
    /// Released for a retry, of any fingerprint.
    pub(super) const FREE_RETRY: i64 = 2;
    /// Released by an attempt that died, for the same fingerprint.
    pub(super) const FREE_INTERRUPTED: i64 = 3;
    /// Finished: the column `answer` is set.
    pub(super) const DONE: i64 = 4;
}

/// The state that a release puts a running record in.
pub(crate) fn release_code(reason: Release) -> i64 {
    match reason {
        Release::Retry => state::FREE_RETRY,
        Release::Interrupted => state::FREE_INTERRUPTED,
    }
}

/// The first and the last number of what a list of this state may show.
pub(super) fn listed(state: Option<ListedState>) -> (i64, i64) {
    match state {
        Some(ListedState::Running | ListedState::Stuck) => (state::RUNNING, state::RUNNING),
        Some(ListedState::Free) => (state::FREE_RETRY, state::FREE_INTERRUPTED),
        Some(ListedState::Done) => (state::DONE, state::DONE),
        None => (state::RUNNING, state::DONE),
    }
}

/// The column `previous`: 0 none, 1 released, 2 interrupted, 3 taken over,
/// 4 expired with the same fingerprint, 5 expired with another one.
pub(super) fn previous(code: i64, ago: Duration) -> Result<Previous, StoreError> {
    Ok(match code {
        0 => Previous::None,
        1 => Previous::Released,
        2 => Previous::Interrupted,
        3 => Previous::TakenOver,
        4 | 5 => Previous::Expired {
            same_fingerprint: code == 4,
            ago,
        },
        _ => return Err(unknown("previous", code)),
    })
}

/// What a claim statement decided: 1 claimed, 2 running, 3 done.
pub(super) enum Verdict {
    Claimed,
    Running,
    Done,
}

pub(super) fn verdict(code: i64) -> Result<Verdict, StoreError> {
    Ok(match code {
        1 => Verdict::Claimed,
        2 => Verdict::Running,
        3 => Verdict::Done,
        _ => return Err(unknown("verdict", code)),
    })
}

/// What a completing statement answers: 0 stored, 1 lost to a running
/// attempt, 2 lost to a finished one, 3 lost to nobody.
pub(super) fn completion(code: i64) -> Result<Completion, StoreError> {
    Ok(match code {
        0 => Completion::Stored,
        1 => Completion::Lost(Winner::Running),
        2 => Completion::Lost(Winner::Done),
        3 => Completion::Lost(Winner::None),
        _ => return Err(unknown("completion", code)),
    })
}

/// The column `state`, with what else decides how it is shown.
pub(super) fn shown(
    code: i64,
    remaining: Duration,
    is_tombstone: bool,
) -> Result<State, StoreError> {
    Ok(match code {
        state::RUNNING if remaining.is_zero() => State::Stuck,
        state::RUNNING => State::Running { remaining },
        state::FREE_RETRY => State::Free(Release::Retry),
        state::FREE_INTERRUPTED => State::Free(Release::Interrupted),
        state::DONE if is_tombstone => State::Tombstone,
        state::DONE => State::Done,
        _ => return Err(unknown("state", code)),
    })
}

fn unknown(column: &str, code: i64) -> StoreError {
    StoreError::Corrupt {
        what: format!("the {column} {code}, which this version does not know"),
    }
}
