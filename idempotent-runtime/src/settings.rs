//! The bounds of an `Idempotency` (invariant 12).

use std::sync::Arc;
use std::time::Duration;

use crate::engine::StepBounds;
use crate::lease::{Lease, Ttl};
use crate::telemetry::Drift;
use crate::telemetry::links::Links;
use crate::telemetry::recent::Recent;

pub(crate) struct Settings {
    pub(crate) ttl: Ttl,
    pub(crate) lease: Lease,
    pub(crate) max_in_flight: usize,
    pub(crate) max_waiting: usize,
    pub(crate) max_answer_bytes: usize,
    pub(crate) steps: StepBounds,
    pub(crate) quota: Option<u64>,
    pub(crate) secret: Option<Arc<[u8; 32]>>,
    pub(crate) owner: String,
    pub(crate) store_timeout: Duration,
    pub(crate) links: Links,
    /// How many entries the detectors remember; by the store where `None`.
    pub(crate) detector_slots: Option<usize>,
    /// Made of it by the engine.
    pub(crate) recent: Option<Arc<Recent>>,
    pub(crate) drift: Drift,
    #[cfg_attr(not(feature = "axum"), allow(dead_code))] // only handlers answer problems
    pub(crate) problem_base: Option<String>,
    #[cfg(feature = "axum")]
    pub(crate) replayed_headers: Vec<http::HeaderName>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            ttl: Ttl::DEFAULT,
            lease: Lease::DEFAULT,
            max_in_flight: 1_024,
            max_waiting: 10_000,
            max_answer_bytes: 1 << 20,
            steps: StepBounds {
                count: 64,
                bytes: 256 << 10,
            },
            quota: None,
            secret: None,
            owner: format!("pid-{}", std::process::id()),
            store_timeout: Duration::from_secs(5),
            links: Links::default(),
            detector_slots: None,
            recent: None,
            drift: Drift::default(),
            problem_base: None,
            #[cfg(feature = "axum")]
            replayed_headers: Vec::new(),
        }
    }
}
