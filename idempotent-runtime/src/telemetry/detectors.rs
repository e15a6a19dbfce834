//! How much the detectors remember.

use std::sync::Arc;

use super::recent::Recent;
use crate::idempotency::{Idempotency, IdempotencyBuilder};
use crate::store::StoreKind;

impl Recent {
    /// The table of an `Idempotency` over such a store. Beside a trip out of the
    /// process it costs little; beside the memory store it is an eighth of a first
    /// request, and so there it is asked for.
    pub(crate) fn over(store: StoreKind, slots: Option<usize>) -> Option<Arc<Self>> {
        let slots = slots.unwrap_or(match store {
            StoreKind::Memory => 0,
            _ => Idempotency::DETECTOR_SLOTS,
        });
        (slots > 0).then(|| Arc::new(Self::new(slots)))
    }
}

impl Idempotency {
    /// Enough for [`IdempotencyBuilder::detector_slots`] to find nearly every
    /// retry among the next 50,000 requests: 4.2 MB.
    pub const DETECTOR_SLOTS: usize = 1 << 18;

    /// What the table of [`IdempotencyBuilder::detector_slots`] takes so far, in
    /// bytes: 0 where it is off, and never more than its slots.
    ///
    /// ```
    /// use idempotent_runtime::Idempotency;
    ///
    /// assert_eq!(Idempotency::in_memory().detector_bytes(), 0);
    /// ```
    pub fn detector_bytes(&self) -> usize {
        let recent = self.engine.settings.recent.as_deref();
        recent.map_or(0, Recent::bytes)
    }
}

impl IdempotencyBuilder {
    /// How much the detectors remember that compare a call with others of this
    /// process: suspected duplicates, keys in two scopes, records that the store forgot,
    /// effects that a rerun repeats, and the repeats of an
    /// [`ObserveLayer`](crate::http::ObserveLayer). They share one table of
    /// about so many entries, 16 bytes each, which is all that they remember.
    /// [`Idempotency::DETECTOR_SLOTS`] by default over a store outside the
    /// process; off (0) over the memory store, beside which their time
    /// would show.
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
        self.settings.detector_slots = Some(slots);
        self
    }
}
