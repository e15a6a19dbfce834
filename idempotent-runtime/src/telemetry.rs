//! What operators see. Never a key, scope, payload, token or header value.

use std::time::Duration;

use crate::answer::Answer;
use crate::attempt::Attempt;
use crate::engine::Call;
use crate::outcome::{Claimed, Done, Previous, Release, Winner};
use crate::policy::OnInterrupt;
use crate::store::StoreError;
use crate::sweeper::SweepSchedule;

/// The target of every event of this crate.
const TARGET: &str = "idempotent";

pub(crate) fn claimed(call: &Call, claimed: &Claimed) {
    match claimed.previous {
        Previous::TakenOver | Previous::Interrupted => tracing::warn!(
            target: TARGET, operation = call.operation, record = %call.id, fence = claimed.fence.get(),
            "takeover: an earlier attempt died unfinished, and {}",
            match call.on_interrupt {
                OnInterrupt::Recover => "`recover` is asked what it did",
                OnInterrupt::Rerun | OnInterrupt::Reject => "the body runs again",
            }
        ),
        _ => tracing::debug!(
            target: TARGET, operation = call.operation, record = %call.id, fence = claimed.fence.get(),
            "claimed"
        ),
    }
}

pub(crate) fn recovered(attempt: &Attempt, verdict: &'static str) {
    tracing::info!(
        target: TARGET, record = attempt.record_id().map(tracing::field::display), fence = attempt.fence().get(),
        "recovered: {verdict}"
    );
}

pub(crate) fn executed(call: &Call, answer: &Answer) {
    tracing::debug!(
        target: TARGET, operation = call.operation, record = %call.id,
        bytes = answer.as_bytes().len(), kind = ?answer.kind(), "executed"
    );
}

pub(crate) fn replayed(call: &Call, done: &Done) {
    tracing::debug!(
        target: TARGET, operation = call.operation, record = %call.id, age = ?done.age, "replayed"
    );
}

pub(crate) fn conflict(call: &Call) {
    tracing::debug!(target: TARGET, operation = call.operation, record = %call.id, "conflict");
}

pub(crate) fn key_reused(call: &Call) {
    tracing::debug!(target: TARGET, operation = call.operation, record = %call.id, "key reused");
}

pub(crate) fn released(call: &Call, reason: Release) {
    tracing::debug!(target: TARGET, operation = call.operation, record = %call.id, ?reason, "released");
}

pub(crate) fn interrupted(call: &Call) {
    tracing::warn!(
        target: TARGET, operation = call.operation, record = %call.id,
        "interrupted: the attempt ended before its body did"
    );
}

pub(crate) fn lease_lost(attempt: &Attempt) {
    tracing::warn!(
        target: TARGET, record = attempt.record_id().map(tracing::field::display), fence = attempt.fence().get(),
        "lease lost while the body runs: another attempt may run; lengthen `lease`, or unblock the runtime"
    );
}

pub(crate) fn stale(call: &Call, attempt: &Attempt, winner: Winner) {
    tracing::warn!(
        target: TARGET, operation = call.operation, record = %call.id, fence = attempt.fence().get(),
        ?winner, "stale completion: the attempt had lost its lease before it ended"
    );
}

#[cfg(feature = "axum")]
pub(crate) fn rolled_back(call: &Call, error: &StoreError) {
    // The error's own text holds no value of the driver's.
    tracing::warn!(
        target: TARGET, operation = call.operation, record = %call.id, %error,
        "transaction rolled back: neither effect nor answer is left"
    );
}

#[cfg(feature = "axum")]
pub(crate) fn commit_unknown(call: &Call) {
    tracing::warn!(
        target: TARGET, operation = call.operation, record = %call.id,
        "commit not acknowledged, and the store does not say whether it happened"
    );
}

pub(crate) fn sweeper_started(schedule: &SweepSchedule) {
    tracing::info!(target: TARGET, ?schedule, "sweeper started");
}

pub(crate) fn sweeper_idle() {
    tracing::info!(target: TARGET, "no sweeper: the store removes expired records itself");
}

pub(crate) fn sweeper_stopped() {
    tracing::info!(target: TARGET, "sweeper stopped");
}

pub(crate) fn swept(deleted: u64, took: Duration) {
    tracing::debug!(target: TARGET, deleted, ?took, "swept");
}

pub(crate) fn store_failed(verb: &'static str, error: &StoreError) {
    // By kind only: a driver's own text may hold values or credentials.
    let kind = match error {
        StoreError::Unavailable { .. } => "unavailable",
        StoreError::Full { .. } => "full",
        StoreError::QuotaExceeded { .. } => "quota exceeded",
        StoreError::Conflict { .. } => "conflict",
        StoreError::RolledBack { .. } => "rolled back",
        StoreError::Unsupported { .. } => "unsupported",
        StoreError::Corrupt { .. } => "corrupt",
        StoreError::Misconfigured { .. } => "misconfigured",
    };
    tracing::warn!(target: TARGET, verb, kind, "store error");
}
