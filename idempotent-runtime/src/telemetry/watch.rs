//! One call, from its beginning to its outcome: its span, its counters, and
//! what it cost besides its body.

use std::sync::Arc;

use tracing::Span;
use tracing::field::{Empty, display};

use super::labels::{Cause, Outcome};
use super::meters::Moment;
use super::oldest::InTransaction;
use super::{TARGET, Telemetry};
use crate::attempt::Attempt;
use crate::engine::Finished;
use crate::error::Error;
use crate::outcome::Done;
use crate::record::RecordId;

/// A call under way. Whichever way it ends, it is counted once: dropped
/// undecided, its caller has left.
pub(crate) struct Watch {
    telemetry: Arc<Telemetry>,
    operation: &'static str,
    span: Span,
    called: Moment,
    body: Body,
    outcome: Outcome,
    seen: Seen,
    /// Until the call is decided.
    in_transaction: Option<InTransaction>,
}

enum Body {
    None,
    Runs(Moment),
    Ran { began: Moment, ended: Moment },
}

/// What the span tells, once all is known.
#[derive(Default)]
struct Seen {
    record: Option<RecordId>,
    fence: Option<u64>,
    cause: Option<Cause>,
    age_ms: Option<u64>,
    error: Option<&'static str>,
}

impl Watch {
    pub(crate) fn new(telemetry: &Arc<Telemetry>, operation: &'static str) -> Self {
        let span = tracing::debug_span!(
            target: TARGET, "idempotency.call", "idempotency.operation" = operation,
            "idempotency.outcome" = Empty, "idempotency.fence" = Empty,
            "idempotency.cause" = Empty, "idempotency.age_ms" = Empty,
            "idempotency.key_hash" = Empty, "error.type" = Empty,
        );
        Self {
            telemetry: Arc::clone(telemetry),
            operation,
            span,
            called: Moment::now(),
            body: Body::None,
            outcome: Outcome::Cancelled,
            seen: Seen::default(),
            in_transaction: None,
        }
    }

    /// What the call's work is to run in.
    pub(crate) fn span(&self) -> Span {
        self.span.clone()
    }

    /// The call was not answered.
    pub(crate) fn refused(mut self, error: &Error) {
        self.outcome = Outcome::of(error);
        self.seen.error = Some(error.code());
        super::events::refused(self.operation, error);
    }

    /// The call is known by its record.
    pub(crate) fn identified(&mut self, record: RecordId) {
        self.seen.record = Some(record);
    }

    /// The call got a stored answer.
    pub(crate) fn replayed(mut self, done: &Done) {
        self.outcome = Outcome::Replayed;
        self.seen.age_ms = u64::try_from(done.age.as_millis()).ok();
        self.telemetry.meters.replay_age(self.operation, done.age);
    }

    /// The body of this attempt starts.
    pub(crate) fn body_starts(&mut self, attempt: &Attempt) {
        attempt.watch(&self.telemetry, self.operation);
        let cause = Cause::of(attempt.previous());
        self.telemetry.meters.body_started(self.operation, cause);
        self.body = Body::Runs(Moment::now());
        self.seen.fence = Some(attempt.fence().get());
        self.seen.cause = Some(cause);
    }

    /// The body of an attempt inside a transaction starts: no heartbeat knows it.
    pub(crate) fn body_starts_in_transaction(&mut self, attempt: &Attempt) {
        self.in_transaction = Some(self.telemetry.enters_transaction());
        self.body_starts(attempt);
    }

    /// The body has ended, with an answer or a panic.
    pub(crate) fn body_ended(&mut self) {
        if let Body::Runs(began) = self.body {
            let ended = Moment::now();
            let took = began.until(ended);
            self.telemetry.meters.body_ended(self.operation, took);
            self.body = Body::Ran { began, ended };
        }
    }

    /// The body's answer was final.
    pub(crate) fn finished(self, finished: &Finished) {
        match finished {
            Finished::Own => self.executed(),
            Finished::Replaced(_) | Finished::Superseded => self.lost(),
            Finished::Failed(error) => self.refused(error),
        }
    }

    /// Another attempt's answer stands, or will.
    pub(crate) fn lost(mut self) {
        self.outcome = Outcome::Lost;
    }

    /// The body's answer is stored, or will be.
    pub(crate) fn executed(mut self) {
        self.outcome = Outcome::Executed;
        if let Body::Ran { began, ended } = self.body {
            let (before, after) = (self.called.until(began), ended.until(Moment::now()));
            self.telemetry.meters.overhead(before + after);
        }
    }

    /// The body's answer was not final.
    pub(crate) fn released(mut self) {
        self.outcome = Outcome::Released;
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.body_ended();
        if self.outcome == Outcome::Cancelled && std::thread::panicking() {
            self.outcome = Outcome::Panicked;
        }
        self.telemetry.decided(self.operation, self.outcome);
        if self.span.is_disabled() {
            return;
        }
        let seen = &self.seen;
        // OpenTelemetry knows signed numbers only, and would get text.
        let signed = |number: Option<u64>| number.and_then(|it| i64::try_from(it).ok());
        let key_hash = seen.record.map(|id| display(Short(id)));
        // At once: a formatter may parse what it wrote at each later value.
        tracing::record_all!(
            self.span,
            "idempotency.outcome" = self.outcome.as_str(),
            "idempotency.fence" = signed(seen.fence),
            "idempotency.cause" = seen.cause.map(Cause::as_str),
            "idempotency.age_ms" = signed(seen.age_ms),
            "idempotency.key_hash" = key_hash,
            "error.type" = seen.error,
        );
    }
}

/// The first 8 bytes of a record's id: they tell keys apart, and are keyed
/// where the fleet shares a secret.
struct Short(RecordId);

impl std::fmt::Display for Short {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.as_bytes()[..8]
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
