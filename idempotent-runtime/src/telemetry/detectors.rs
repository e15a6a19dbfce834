//! How much the detectors remember.

use std::sync::Arc;

use super::recent::Recent;
use crate::idempotency::{Idempotency, IdempotencyBuilder};

impl Idempotency {
    /// Enough for [`IdempotencyBuilder::detector_slots`] to find nearly every
    /// retry among the next 50,000 requests: 4.2 MB.
    pub const DETECTOR_SLOTS: usize = 1 << 18;
}

impl IdempotencyBuilder {
    /// Turns on the detectors that compare a call with others of this process:
    /// suspected duplicates, keys in two scopes, records that the store forgot,
    /// effects that a rerun repeats, and the repeats of an
    /// [`ObserveLayer`](crate::http::ObserveLayer). They share one table of
    /// about so many entries, 16 bytes each, which is all that they remember:
    /// [`Idempotency::DETECTOR_SLOTS`] is a good size. Off (0) by default; each
    /// costs a call some 50 ns.
    ///
    /// ```
    /// use idempotent_runtime::{Idempotency, MemoryStore};
    ///
    /// let idempotency = Idempotency::builder(MemoryStore::new())
    ///     .detector_slots(Idempotency::DETECTOR_SLOTS)
    ///     .build()?;
    /// # Ok::<(), idempotent_runtime::DurationOutOfRange>(())
    /// ```
    pub fn detector_slots(mut self, slots: usize) -> Self {
        self.settings.recent = (slots > 0).then(|| Arc::new(Recent::new(slots)));
        self
    }
}
