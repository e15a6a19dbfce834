//! Handles of metrics, made once: a look-up by name costs twenty times a use.

use std::array;

use ::metrics::{Counter, Gauge, Histogram, Key, Label, Level, Metadata, with_recorder};

use super::{Kind, METRICS, Metric, Unit, list};
use crate::store::StoreKind;
use crate::telemetry::labels::{Cause, Counted, Detector, Outcome, Verb};
use crate::telemetry::rare::Rare;

pub(super) type Labels<'a> = &'a [(&'static str, &'a str)];

/// Of one operation.
pub(super) struct OperationHandles {
    pub(super) requests: [Counter; Outcome::COUNT],
    pub(super) executions: [Counter; Cause::COUNT],
    pub(super) rare: [Counter; Rare::COUNT],
    pub(super) execution: Histogram,
    pub(super) wait: Histogram,
    pub(super) replay_age: Histogram,
    pub(super) lease_used: Histogram,
    pub(super) in_flight: Gauge,
}

/// Of a process and its store.
pub(super) struct GeneralHandles {
    pub(super) store_errors: [Counter; Verb::COUNT],
    pub(super) store: [Histogram; Verb::COUNT],
    pub(super) evictions: [Counter; Detector::COUNT],
    pub(super) overhead: Histogram,
    pub(super) oldest: Gauge,
    pub(super) last_sweep: Gauge,
}

impl OperationHandles {
    pub(super) fn new(operation: &'static str) -> Self {
        let of = ("operation", operation);
        Self {
            requests: array::from_fn(|at| {
                let outcome = Outcome::ALL[at].as_str();
                counter(&list::REQUESTS, &[of, ("outcome", outcome)])
            }),
            executions: array::from_fn(|at| {
                counter(&list::EXECUTIONS, &[of, ("cause", Cause::ALL[at].as_str())])
            }),
            rare: array::from_fn(|at| match Rare::ALL[at].metric() {
                (metric, None) => counter(&metric, &[of]),
                (metric, Some(label)) => counter(&metric, &[of, label]),
            }),
            execution: histogram(&list::EXECUTION, &[of]),
            wait: histogram(&list::WAIT, &[of]),
            replay_age: histogram(&list::REPLAY_AGE, &[of]),
            lease_used: histogram(&list::LEASE_USED, &[of]),
            in_flight: gauge(&list::IN_FLIGHT, &[of]),
        }
    }
}

impl GeneralHandles {
    pub(super) fn new(store: StoreKind) -> Self {
        describe();
        let store = ("store", store.as_str());
        let verb = |at: usize| ("verb", Verb::ALL[at].as_str());
        Self {
            store_errors: array::from_fn(|at| counter(&list::STORE_ERRORS, &[store, verb(at)])),
            store: array::from_fn(|at| histogram(&list::STORE, &[store, verb(at)])),
            evictions: array::from_fn(|at| {
                counter(
                    &list::EVICTIONS,
                    &[("detector", Detector::ALL[at].as_str())],
                )
            }),
            overhead: histogram(&list::OVERHEAD, &[]),
            oldest: gauge(&list::OLDEST, &[]),
            last_sweep: gauge(&list::LAST_SWEEP, &[store]),
        }
    }
}

/// Looked up each time: it is used once a minute.
pub(super) fn records(store: StoreKind, state: Counted) -> Gauge {
    let labels = [("store", store.as_str()), ("state", state.as_str())];
    gauge(&list::RECORDS, &labels)
}

const METADATA: Metadata<'static> =
    Metadata::new("idempotent", Level::INFO, Some("idempotent_runtime"));

fn key(metric: &Metric, labels: Labels<'_>) -> Key {
    debug_assert!(metric.labels.iter().eq(labels.iter().map(|(name, _)| name)));
    let labels = labels
        .iter()
        .map(|(name, value)| Label::new(*name, (*value).to_owned()));
    Key::from_parts(metric.name, labels.collect::<Vec<_>>())
}

pub(super) fn counter(metric: &Metric, labels: Labels<'_>) -> Counter {
    with_recorder(|recorder| recorder.register_counter(&key(metric, labels), &METADATA))
}

fn gauge(metric: &Metric, labels: Labels<'_>) -> Gauge {
    with_recorder(|recorder| recorder.register_gauge(&key(metric, labels), &METADATA))
}

fn histogram(metric: &Metric, labels: Labels<'_>) -> Histogram {
    with_recorder(|recorder| recorder.register_histogram(&key(metric, labels), &METADATA))
}

fn describe() {
    with_recorder(|recorder| {
        for metric in METRICS {
            let (name, text) = (metric.name.into(), metric.meaning.into());
            let unit = match metric.unit {
                Unit::Seconds => Some(::metrics::Unit::Seconds),
                Unit::Count => Some(::metrics::Unit::Count),
                Unit::Ratio => None,
            };
            match metric.kind {
                Kind::Counter => recorder.describe_counter(name, unit, text),
                Kind::Gauge => recorder.describe_gauge(name, unit, text),
                Kind::Histogram => recorder.describe_histogram(name, unit, text),
            }
        }
    });
}
