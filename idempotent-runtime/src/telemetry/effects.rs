//! The detector of effects that happen twice for one record.

use super::Telemetry;
use super::findings::{Example, FindingKind};
use super::labels::Detector;
use super::rare::Rare;
use crate::lease::Fence;
use crate::record::RecordId;

impl Telemetry {
    /// Notes an effect of a record; whether it happened in this process before.
    pub(crate) fn effect_happened(&self, record: &RecordId, effect: u64) -> bool {
        let Some(recent) = &self.recent else {
            return false;
        };
        let tag = recent.tag(Detector::Effects, (record.as_bytes(), effect));
        let mut again = false;
        self.pushed_out(recent.see(tag, |before| {
            again = before.is_some();
            Some(0)
        }));
        again
    }

    pub(crate) fn repeated_effect(
        &self,
        operation: &'static str,
        record: RecordId,
        fence: Fence,
        name: &'static str,
    ) {
        self.meters.count(operation, Rare::RepeatedEffect);
        let example = Example {
            record: Some(record),
            fence: Some(fence),
            effect: Some(name),
            ..Example::default()
        };
        self.found(FindingKind::RepeatedEffect, operation, example);
    }
}
