//! What the engine tells: each fact to the meters, the detectors and the log.
//! Warnings are bounded, so that a failing store cannot fill the disk.

use std::time::Duration;

use super::events;
use super::findings::{Example, FindingKind};
use super::labels::{Cause, Counted};
use super::rare::Rare;
use super::{TARGET, Telemetry};
use crate::answer::Answer;
use crate::attempt::Attempt;
use crate::engine::Call;
use crate::lease::Lease;
use crate::outcome::{Release, Winner};
use crate::policy::OnInterrupt;
use crate::store::{StoreError, StoreStats};

/// A warning, if it may be told now.
macro_rules! warn_of {
    ($telemetry:expr, $kind:literal, $operation:expr, $($event:tt)*) => {
        if let Some(left_out) = $telemetry.limit.pass($kind, $operation) {
            tracing::warn!(target: TARGET, operation = $operation, left_out, $($event)*);
        }
    };
}

impl Telemetry {
    pub(crate) fn claimed(&self, call: &Call, attempt: &Attempt) {
        self.late(call, attempt.previous());
        self.compare(call, attempt.previous());
        let (record, fence) = (call.id, attempt.fence().get());
        let previous = attempt.previous();
        if Cause::of(previous) == Cause::Takeover {
            warn_of!(self, "takeover", call.operation, %record, fence,
            "takeover: an earlier attempt died unfinished, and {}", match call.on_interrupt {
                OnInterrupt::Recover => "`recover` is asked what it did",
                OnInterrupt::Rerun | OnInterrupt::Reject => "the body runs again",
            });
        } else {
            tracing::debug!(
                target: TARGET, operation = call.operation, %record, fence,
                ?previous, "claimed"
            );
        }
    }

    /// A duplicate has waited for the first call.
    pub(crate) fn waited(&self, call: &Call, time: Duration) {
        self.meters.waited(call.operation, time);
        tracing::debug!(
            target: TARGET, operation = call.operation, record = %call.id, ?time, "waited"
        );
    }

    /// A body's answer is stored.
    pub(crate) fn executed(&self, call: &Call, answer: &Answer) {
        self.compare_answer(call, answer);
        events::executed(call, answer);
    }

    /// A body's answer was not final.
    pub(crate) fn released(&self, call: &Call, reason: Release) {
        self.compare_failure(call);
        events::released(call, reason);
    }

    pub(crate) fn interrupted(&self, call: &Call) {
        self.compare_failure(call);
        warn_of!(self, "interrupted", call.operation, record = %call.id,
            "interrupted: the attempt ended before its body did");
    }

    /// A body's panic was caught.
    #[cfg(feature = "axum")]
    pub(crate) fn body_panicked(&self, call: &Call) {
        warn_of!(self, "interrupted", call.operation, record = %call.id,
            "interrupted: the body panicked; its next attempt is a takeover");
    }

    pub(crate) fn lease_lost(&self, operation: &'static str, lease: Lease, attempt: &Attempt) {
        self.meters.count(operation, Rare::LeaseLost);
        let example = Example {
            record: attempt.record_id(),
            fence: Some(attempt.fence()),
            lease: Some(lease.duration()),
            lease_used: Some(1.0),
            ..Example::default()
        };
        self.found(FindingKind::LeasePressure, operation, example);
        let record = attempt.record_id().map(tracing::field::display);
        warn_of!(
            self,
            "lease lost",
            operation,
            record,
            fence = attempt.fence().get(),
            "lease lost while the body runs: another attempt may run; \
             lengthen `lease`, or unblock the runtime"
        );
    }

    /// An attempt learns, for the first time, that its record is not its own.
    pub(crate) fn stale(&self, call: &Call, attempt: &Attempt, winner: Winner) {
        self.meters.count(call.operation, Rare::Stale);
        warn_of!(self, "stale completion", call.operation, record = %call.id,
            fence = attempt.fence().get(), ?winner,
            "stale completion: the attempt had lost its lease before it ended");
    }

    pub(crate) fn rolled_back(&self, call: &Call, error: &StoreError) {
        // The error's own text holds no value of the driver's.
        warn_of!(self, "rolled back", call.operation, record = %call.id, %error,
            "transaction rolled back: neither effect nor answer is left");
    }

    pub(crate) fn commit_unknown(&self, call: &Call) {
        warn_of!(self, "commit unknown", call.operation, record = %call.id,
            "commit not acknowledged, and the store does not say whether it happened");
    }

    #[cfg(feature = "axum")]
    pub(crate) fn rerun_panicked(&self, call: &Call) {
        warn_of!(self, "rerun panicked", call.operation, record = %call.id,
            "a rerun behind a replay panicked: it says nothing of drift, and its client has \
             its answer; look for the panic, or remove `rerun_safe_sample`");
    }

    pub(super) fn store_failed(&self, verb: &'static str, error: &StoreError) {
        // By kind only: a driver's own text may hold values or credentials.
        let kind = match error {
            StoreError::Unavailable { .. } => "unavailable",
            StoreError::Full { .. } => "full",
            StoreError::QuotaExceeded { .. } => "quota exceeded",
            StoreError::Conflict { .. } => "conflict",
            StoreError::RolledBack { .. } => "rolled back",
            StoreError::Unsupported { .. } => "unsupported",
            StoreError::ForeignCursor => "foreign cursor",
            StoreError::Corrupt { .. } => "corrupt",
            StoreError::Misconfigured { .. } => "misconfigured",
        };
        if let Some(left_out) = self.limit.pass("store error", verb) {
            tracing::warn!(target: TARGET, verb, kind, left_out, "store error");
        }
    }

    pub(crate) fn counted(&self, stats: &StoreStats) {
        for (state, count) in [
            (Counted::Running, stats.running),
            (Counted::Done, stats.done),
            (Counted::Expired, stats.expired),
        ] {
            if let Some(count) = count {
                self.meters.records(state, count.records);
            }
        }
        tracing::debug!(target: TARGET, ?stats, "counted");
    }

    pub(crate) fn swept(&self, deleted: u64, took: Duration) {
        self.meters.swept();
        tracing::debug!(target: TARGET, deleted, ?took, "swept");
    }
}
