//! The one list of metrics.

use super::Kind::{Counter, Gauge, Histogram};
use super::Unit::{self, Count, Ratio, Seconds};
use super::{Kind, Metric};

/// A constant for each metric, and the list of all.
macro_rules! metrics {
    ($($constant:ident = $kind:ident $unit:ident $name:literal [$($label:literal)*]
        $(in $buckets:ident)? $meaning:literal; $action:literal;)*) => {
        $(pub(in crate::telemetry) const $constant: Metric = Metric {
            buckets: { let bounds: &[f64] = &[]; $(let _ = bounds; let bounds = $buckets;)? bounds },
            ..metric($name, $kind, $unit, &[$($label),*], $meaning, $action)
        };)*
        /// Every metric that this crate exports.
        pub const METRICS: &[Metric] = &[$($constant),*];
    };
}

const fn metric(
    name: &'static str,
    kind: Kind,
    unit: Unit,
    labels: &'static [&'static str],
    meaning: &'static str,
    action: &'static str,
) -> Metric {
    Metric {
        name,
        kind,
        unit,
        labels,
        meaning,
        action,
        buckets: &[],
    }
}

/// Of bodies and of waiting, in seconds.
const BODY: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0,
];
/// Of our own work and of a store's, in seconds.
const TRIP: &[f64] = &[
    0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0,
];
/// Of a replayed answer's age, in seconds.
const AGE: &[f64] = &[
    1.0, 5.0, 30.0, 60.0, 300.0, 900.0, 3600.0, 21600.0, 43200.0, 86400.0, 604_800.0,
];
/// Of a lease's use; an alert reads `le="0.8"`.
const LEASE: &[f64] = &[0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0];

metrics! {
    REQUESTS = Counter Count "idempotency_requests_total" ["operation" "outcome"]
        "A call's outcome was decided; each call counts once.";
        "`key_reused` is a client's bug; at `store_unavailable` look at the store; `lost` goes with duplicate executions.";
    EXECUTIONS = Counter Count "idempotency_executions_total" ["operation" "cause"]
        "A body started.";
        "`takeover`: attempts die unfinished, by crashes, deploys without a drain, or too short a lease.";
    DUPLICATES = Counter Count "idempotency_duplicate_executions_total" ["operation"]
        "A body ran to its end though another attempt of its record had: its effects may exist twice.";
        "Page someone; lengthen `lease`, or commit with `transaction`.";
    STALE = Counter Count "idempotency_stale_completions_total" ["operation"]
        "An attempt had lost its record when its body ended: the upper bound of duplicate executions.";
        "Lengthen `lease`; look for a starved runtime or a slow store.";
    FORGOTTEN = Counter Count "idempotency_forgotten_records_total" ["operation"]
        "A record that was completed here was gone before its ttl ended.";
        "The store lost it: look for eviction, a failover, a restore, or a deletion by hand.";
    LEASES_LOST = Counter Count "idempotency_leases_lost_total" ["operation"]
        "A lease was lost while the body ran: another attempt may run beside it.";
        "Race the body against `Attempt::lost()`; lengthen `lease`, or unblock the runtime.";
    UNPROTECTED_REQUESTS = Counter Count "idempotency_unprotected_requests_total" ["route" "keyed"]
        "A request reached an observed route that is not idempotent.";
        "`keyed=\"true\"`: clients send a key and get no protection; annotate the handler.";
    UNPROTECTED_REPEATS = Counter Count "idempotency_unprotected_repeats_total" ["route" "result"]
        "An observed route got the same request again.";
        "`different` and `failed`: a retry repeats an effect; annotate the handler.";
    SUSPECTED = Counter Count "idempotency_suspected_duplicates_total" ["operation" "evidence"]
        "The same request came again soon, under another key.";
        "Tell the client's owner to keep the key over retries.";
    DRIFT = Counter Count "idempotency_replay_drift_total" ["operation" "source"]
        "Two runs of a body answered differently.";
        "Remove clocks and random ids from the answer.";
    LATE = Counter Count "idempotency_late_retries_total" ["operation" "evidence"]
        "A key came back after its record had expired, and ran again.";
        "Lengthen `ttl`, or set `max_key_age`.";
    CROSS_SCOPE = Counter Count "idempotency_cross_scope_keys_total" ["operation"]
        "A key was used in two scopes.";
        "Look for a scope that changes between retries, or for someone who tries keys.";
    EFFECTS = Counter Count "idempotency_repeated_effects_total" ["operation"]
        "A recorded effect happened again for one record.";
        "The effect comes before its guard: make it a step, or use `transaction`.";
    EVICTIONS = Counter Count "idempotency_detector_evictions_total" ["detector"]
        "A detector forgot an entry that was still of use: it is partly blind.";
        "Give the detectors more slots.";
    STORE_ERRORS = Counter Count "idempotency_store_errors_total" ["store" "verb"]
        "The store did not do what it was asked.";
        "Look at the store and at the way to it; the log names the kind of error.";
    EXECUTION = Histogram Seconds "idempotency_execution_seconds" ["operation"] in BODY
        "How long a body ran.";
        "Look for what slows the handler.";
    WAIT = Histogram Seconds "idempotency_wait_seconds" ["operation"] in BODY
        "How long a duplicate waited for the first call.";
        "`on_conflict` is too patient, or the body too slow.";
    OVERHEAD = Histogram Seconds "idempotency_overhead_seconds" [] in TRIP
        "How long an executed call took besides its body.";
        "Compare with `idempotency_store_seconds`: most of it is the store's.";
    STORE = Histogram Seconds "idempotency_store_seconds" ["store" "verb"] in TRIP
        "How long a store took for a verb, also one that failed; not for the store in memory.";
        "Look at the store and at the way to it.";
    REPLAY_AGE = Histogram Seconds "idempotency_replay_age_seconds" ["operation"] in AGE
        "How long after the first call its retry came.";
        "Choose a `ttl` beyond the slowest of them.";
    LEASE_USED = Histogram Ratio "idempotency_lease_used_ratio" ["operation"] in LEASE
        "An attempt's longest time between two confirmed renewals, as a part of its lease; healthy up to 0.4.";
        "Over 0.8: unblock the runtime, speed the store up, or lengthen `lease`.";
    IN_FLIGHT = Gauge Count "idempotency_in_flight" ["operation"]
        "How many bodies run in this process.";
        "Near `max_in_flight` calls get 503: look for what slows the bodies.";
    OLDEST = Gauge Seconds "idempotency_oldest_in_flight_timestamp_seconds" []
        "When the oldest attempt in flight began; 0 where there is none. Looked at with each heartbeat, and when one in a transaction begins or ends.";
        "`time() - x` rises without end: a handler hangs.";
    RECORDS = Gauge Count "idempotency_records" ["store" "state"]
        "How many records the store has, where `spawn_stats` asks it: running (stuck ones included), done, expired and not yet swept. Of many records the last two are estimates.";
        "Each process exports the same figures: take the `max`, never a sum. `expired` that grows: the sweep is behind.";
    LAST_SWEEP = Gauge Seconds "idempotency_last_sweep_timestamp_seconds" ["store"]
        "When this process's sweeper last went through.";
        "Take the `max` over the fleet; if that stands still, no sweeper runs.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_their_kind_and_only_histograms_have_buckets() {
        for metric in METRICS {
            assert!(metric.name.starts_with("idempotency_"), "{metric:?}");
            let total = metric.name.ends_with("_total");
            assert_eq!(total, metric.kind == Counter, "{metric:?}");
            let seconds = metric.name.ends_with("_seconds");
            assert_eq!(seconds, metric.unit == Seconds, "{metric:?}");
            let bounds = metric.buckets;
            assert_eq!(!bounds.is_empty(), metric.kind == Histogram, "{metric:?}");
            assert!(bounds.is_sorted_by(|a, b| a < b), "{metric:?}");
        }
        let mut names: Vec<_> = METRICS.iter().map(|metric| metric.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), METRICS.len());
    }

    #[test]
    fn the_alert_on_leases_has_its_bound() {
        assert!(LEASE_USED.buckets.contains(&0.8));
    }
}
