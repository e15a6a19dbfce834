//! The log: what an operator must act on is WARN or ERROR, and bounded; what
//! every call does is DEBUG, so that clients cannot fill the log.

use super::TARGET;
use super::findings::{Finding, FindingKind};
use crate::answer::Answer;
use crate::attempt::{Attempt, StepError};
use crate::engine::Call;
use crate::error::Error;
use crate::outcome::{Done, Release};
use crate::sweeper::SweepSchedule;

/// A finding: at first sight, and at most once a minute after.
pub(super) fn found(finding: &Finding) {
    let (text, place, count) = (finding.kind.text(), &finding.place, finding.count);
    let record = finding.example.record.map(tracing::field::display);
    let (what, action) = (finding.what(), finding.action());
    match finding.kind {
        FindingKind::DuplicateExecution | FindingKind::ForgottenRecord => tracing::error!(
            target: TARGET, finding = text.name, place, count, record, "{what} {} {action}", text.why
        ),
        _ => tracing::warn!(
            target: TARGET, finding = text.name, place, count, record, "{what} {} {action}", text.why
        ),
    }
}

pub(crate) fn recovered(attempt: &Attempt, verdict: &'static str) {
    let record = attempt.record_id().map(tracing::field::display);
    tracing::info!(target: TARGET, record, fence = attempt.fence().get(), "recovered: {verdict}");
}

pub(crate) fn step(attempt: &Attempt, name: &str, what: &'static str) {
    let record = attempt.record_id().map(tracing::field::display);
    tracing::debug!(
        target: TARGET, record, fence = attempt.fence().get(), step = name, "{what}"
    );
}

pub(crate) fn step_refused(attempt: &Attempt, name: &str, error: &StepError) {
    let record = attempt.record_id().map(tracing::field::display);
    tracing::warn!(
        target: TARGET, record, fence = attempt.fence().get(), step = name,
        code = error.code(), "step refused"
    );
}

pub(crate) fn executed(call: &Call, answer: &Answer) {
    tracing::debug!(
        target: TARGET, operation = call.operation, record = %call.id,
        bytes = answer.as_bytes().len(), kind = ?answer.kind(), "executed"
    );
}

pub(super) fn replayed(call: &Call, done: &Done) {
    let original = done.trace.map(TraceId);
    tracing::debug!(
        target: TARGET, operation = call.operation, record = %call.id, age = ?done.age,
        "idempotency.original_trace_id" = original.as_ref().map(tracing::field::display),
        "replayed"
    );
}

pub(crate) fn conflict(call: &Call) {
    tracing::debug!(target: TARGET, operation = call.operation, record = %call.id, "conflict");
}

pub(crate) fn key_reused(call: &Call) {
    tracing::debug!(target: TARGET, operation = call.operation, record = %call.id, "key reused");
}

pub(super) fn released(call: &Call, reason: Release) {
    tracing::debug!(target: TARGET, operation = call.operation, record = %call.id, ?reason, "released");
}

pub(super) fn refused(operation: &'static str, error: &Error) {
    tracing::debug!(target: TARGET, operation, code = error.code(), "refused");
}

pub(super) fn verb(verb: &'static str) {
    tracing::trace!(target: TARGET, verb, "the store answered");
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

/// The trace id of a record's trace, as tracing systems write it.
struct TraceId(crate::record::Trace);

impl std::fmt::Display for TraceId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0[..16]
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
