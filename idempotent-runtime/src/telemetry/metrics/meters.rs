//! What is counted and measured, with the feature `metrics`. Without it,
//! `telemetry/unmetered.rs` takes this file's place.

use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

use super::handles::{self, GeneralHandles, OperationHandles};
use crate::store::StoreKind;
use crate::telemetry::by_operation::ByOperation;
use crate::telemetry::labels::{Cause, Counted, Detector, Outcome, Verb};
use crate::telemetry::rare::Rare;

/// The meters of one `Idempotency`: its handles belong to the recorder that
/// was there at their first use.
pub(crate) struct Meters {
    store: StoreKind,
    operations: ByOperation<OperationHandles>,
    general: OnceLock<Box<GeneralHandles>>,
    #[cfg(feature = "axum")]
    pub(super) routes: super::routes::Routes,
}

/// When something began.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment(Instant);

impl Moment {
    pub(crate) fn now() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn until(self, later: Self) -> Duration {
        later.0.duration_since(self.0)
    }
}

impl Meters {
    pub(crate) fn new(store: StoreKind) -> Self {
        Self {
            store,
            operations: ByOperation::new(),
            general: OnceLock::new(),
            #[cfg(feature = "axum")]
            routes: super::routes::Routes::default(),
        }
    }

    pub(crate) fn decided(&self, operation: &'static str, outcome: Outcome) {
        self.of(operation).requests[outcome as usize].increment(1);
    }

    pub(crate) fn body_started(&self, operation: &'static str, cause: Cause) {
        let handles = self.of(operation);
        handles.executions[cause as usize].increment(1);
        handles.in_flight.increment(1);
    }

    pub(crate) fn body_ended(&self, operation: &'static str, took: Duration) {
        let handles = self.of(operation);
        handles.in_flight.decrement(1);
        handles.execution.record(took);
    }

    pub(crate) fn overhead(&self, took: Duration) {
        self.general().overhead.record(took);
    }

    pub(crate) fn replay_age(&self, operation: &'static str, age: Duration) {
        self.of(operation).replay_age.record(age);
    }

    pub(crate) fn waited(&self, operation: &'static str, time: Duration) {
        self.of(operation).wait.record(time);
    }

    pub(crate) fn lease_used(&self, operation: &'static str, ratio: f64) {
        self.of(operation).lease_used.record(ratio);
    }

    pub(crate) fn count(&self, operation: &'static str, what: Rare) {
        self.of(operation).rare[what as usize].increment(1);
    }

    /// When a verb was sent; nothing where it is not timed.
    pub(crate) fn sent(&self) -> Option<Moment> {
        (self.store != StoreKind::Memory).then(Moment::now)
    }

    pub(crate) fn verb(&self, verb: &str, sent: Option<Moment>, failed: bool) {
        if sent.is_none() && !failed {
            return;
        }
        let (general, verb) = (self.general(), Verb::of(verb) as usize);
        if failed {
            general.store_errors[verb].increment(1);
        }
        if let Some(sent) = sent {
            general.store[verb].record(sent.until(Moment::now()));
        }
    }

    /// The attempt that has run longest began so long ago.
    pub(crate) fn oldest(&self, age: Option<Duration>) {
        let began = age.and_then(|age| seconds_since_1970().checked_sub(age));
        self.general().oldest.set(began.unwrap_or_default());
    }

    pub(crate) fn swept(&self) {
        self.general().last_sweep.set(seconds_since_1970());
    }

    /// Only where a store is asked to count are there such series.
    #[allow(clippy::cast_precision_loss)] // a gauge's numbers are these
    pub(crate) fn records(&self, state: Counted, records: u64) {
        self.general();
        handles::records(self.store, state).set(records as f64);
    }

    pub(crate) fn evicted(&self, detector: Detector) {
        self.general().evictions[detector as usize].increment(1);
    }

    pub(super) fn general(&self) -> &GeneralHandles {
        self.general
            .get_or_init(|| Box::new(GeneralHandles::new(self.store)))
    }

    fn of(&self, operation: &'static str) -> &OperationHandles {
        self.operations.get(operation, |operation| {
            // What belongs to no operation is there from the first call on.
            self.general();
            OperationHandles::new(operation)
        })
    }
}

/// The wall clock's, for a moment that a monitoring system shows.
#[allow(clippy::disallowed_methods, reason = "shown to people and metrics")]
fn seconds_since_1970() -> Duration {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
}
