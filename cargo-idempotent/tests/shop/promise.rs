//! What a test's shop promises, and how it breaks it.

use std::time::Duration;

/// What the shop keeps to; the default is right.
#[derive(Clone, Debug)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a promise of its own"
)]
pub(crate) struct Promise {
    /// A claim ends after it; `None` is never.
    pub(crate) lease: Option<Duration>,
    /// An answer is forgotten after it; `None` is never.
    pub(crate) ttl: Option<Duration>,
    /// The key is claimed as soon as the head is there.
    pub(crate) early: bool,
    /// An attempt whose claim was taken over commits nothing.
    pub(crate) fenced: bool,
    /// Keys are ignored.
    pub(crate) keyless: bool,
    /// The ledger rises with every look at it, from this one on.
    pub(crate) drifts: Option<usize>,
    /// Every other replay lacks its mark.
    pub(crate) unsteady: bool,
    /// Requests without a key run.
    pub(crate) optional: bool,
    /// It is gone for good with this order.
    pub(crate) dies: Option<usize>,
    /// Each duplicate holds all orders up for so long.
    pub(crate) jams: Option<Duration>,
    /// Only two callers are let in, and each has keys of its own.
    pub(crate) guarded: bool,
    /// Who calls does not matter to a key.
    pub(crate) unscoped: bool,
    /// Each order is posted there.
    pub(crate) downstream: Option<String>,
}

impl Default for Promise {
    fn default() -> Self {
        Self {
            lease: Some(Duration::from_secs(1)),
            ttl: Some(Duration::from_secs(3)),
            early: true,
            fenced: true,
            keyless: false,
            drifts: None,
            unsteady: false,
            optional: false,
            dies: None,
            jams: None,
            guarded: false,
            unscoped: false,
            downstream: None,
        }
    }
}
