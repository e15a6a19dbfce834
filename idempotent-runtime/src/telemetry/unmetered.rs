//! Without the feature `metrics` nothing is counted and no clock is read:
//! every method is empty, and costs nothing.

#![allow(clippy::unused_self)] // as the meters are called

use std::time::Duration;

#[cfg(feature = "axum")]
use super::labels::RepeatResult;
use super::labels::{Cause, Counted, Detector, Outcome};
use super::rare::Rare;
use crate::store::StoreKind;

pub(crate) struct Meters;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment;

impl Moment {
    pub(crate) fn now() -> Self {
        Self
    }

    pub(crate) fn until(self, _: Self) -> Duration {
        Duration::ZERO
    }
}

impl Meters {
    pub(crate) fn new(_: StoreKind) -> Self {
        Self
    }

    pub(crate) fn decided(&self, _: &'static str, _: Outcome) {}
    pub(crate) fn body_started(&self, _: &'static str, _: Cause) {}
    pub(crate) fn body_ended(&self, _: &'static str, _: Duration) {}
    pub(crate) fn overhead(&self, _: Duration) {}
    pub(crate) fn replay_age(&self, _: &'static str, _: Duration) {}
    pub(crate) fn waited(&self, _: &'static str, _: Duration) {}
    pub(crate) fn lease_used(&self, _: &'static str, _: f64) {}
    pub(crate) fn count(&self, _: &'static str, _: Rare) {}

    pub(crate) fn sent(&self) -> Option<Moment> {
        None
    }

    pub(crate) fn verb(&self, _: &str, _: Option<Moment>, _: bool) {}
    pub(crate) fn oldest(&self, _: Option<Duration>) {}
    pub(crate) fn swept(&self) {}
    pub(crate) fn records(&self, _: Counted, _: u64) {}
    pub(crate) fn evicted(&self, _: Detector) {}
    #[cfg(feature = "axum")]
    pub(crate) fn unprotected(&self, _: &str, _: bool) {}
    #[cfg(feature = "axum")]
    pub(crate) fn repeated(&self, _: &str, _: RepeatResult) {}
}
