//! The detectors that need nothing but the store's verdicts: duplicate
//! executions and drift, late retries, lease pressure. They are always on,
//! and cost a call nothing.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::Telemetry;
use super::findings::{Example, FindingKind};
use super::rare::Rare;
use crate::answer::Answer;
use crate::engine::Call;
use crate::lease::Fence;
use crate::outcome::{Done, Previous};
use crate::policy::OnInterrupt;

/// Beyond this part of a lease without a confirmed renewal an attempt has
/// been lucky: healthy is a third, as the heartbeat goes.
const PRESSED: f64 = 0.8;

impl Telemetry {
    /// A stale attempt, whose body came to its end, learns that another one of
    /// its record has finished. It counts itself, once: of n bodies that ended,
    /// n - 1 do.
    pub(crate) fn duplicate(&self, call: &Call, fence: Fence, own: &Answer, winner: &Done) {
        // Where a function says what an attempt before did, the winner may have
        // run no body: this one's is the only one.
        if call.on_interrupt == OnInterrupt::Recover {
            return;
        }
        let example = || Example {
            fence: Some(fence),
            ..example(call)
        };
        self.meters.count(call.operation, Rare::Duplicate);
        self.found(FindingKind::DuplicateExecution, call.operation, example());
        if self.drift.is_between(call.operation, own, &winner.answer) {
            self.meters.count(call.operation, Rare::DriftTakeover);
            self.found(FindingKind::ReplayDrift, call.operation, example());
        }
    }

    /// Whether a body may run again behind a replay: once a second at most.
    #[cfg(feature = "axum")]
    pub(crate) fn may_rerun(&self, operation: &'static str) -> bool {
        self.limit.pass("rerun", operation).is_some()
    }

    /// A body ran again behind a replay of what it once answered.
    #[cfg(feature = "axum")]
    pub(crate) fn rerun(&self, call: &Call, own: &Answer, stored: &Answer) {
        if self.drift.is_between(call.operation, own, stored) {
            self.meters.count(call.operation, Rare::DriftRerun);
            self.found(FindingKind::ReplayDrift, call.operation, example(call));
        }
    }

    /// The claim of a body that starts tells of a late retry: by the expired
    /// record that it found, or by the time in its key.
    pub(super) fn late(&self, call: &Call, previous: Previous) {
        let (evidence, ago) = match previous {
            Previous::Expired {
                same_fingerprint,
                ago,
            } => (Rare::LateRecord, same_fingerprint.then_some(ago)),
            Previous::None => match call.minted.and_then(|minted| expired(minted, call)) {
                Some(ago) => (Rare::LateKey, Some(ago)),
                None => return,
            },
            _ => return,
        };
        self.meters.count(call.operation, evidence);
        // Another fingerprint is a recycled key: counted, and nobody's fault.
        if ago.is_some() {
            let example = Example {
                ago,
                ..example(call)
            };
            self.found(FindingKind::LateRetry, call.operation, example);
        }
    }

    /// An attempt is over; `gap` is its longest time without a confirmed
    /// renewal of its lease, by this process's own clock.
    pub(crate) fn lease_used(&self, call: &Call, gap: Duration) {
        let ratio = gap.as_secs_f64() / call.lease.duration().as_secs_f64();
        self.meters.lease_used(call.operation, ratio);
        if ratio > PRESSED {
            let example = Example {
                lease_used: Some(ratio),
                ..example(call)
            };
            self.found(FindingKind::LeasePressure, call.operation, example);
        }
    }
}

/// What is known of every call.
pub(super) fn example(call: &Call) -> Example {
    Example {
        record: Some(call.id),
        lease: Some(call.lease.duration()),
        ttl: Some(call.ttl.duration()),
        ..Example::default()
    }
}

/// For how long a key of this time could have been expired. Its time is the
/// client's, so that this process's clock is as good a judge as any.
#[allow(clippy::disallowed_methods, reason = "compared with a client's clock")]
fn expired(minted: Duration, call: &Call) -> Option<Duration> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    now.checked_sub(minted + call.ttl.duration())
}
