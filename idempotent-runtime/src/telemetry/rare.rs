//! What is counted by operation, and seldom happens: an alert looks at each,
//! so all of them are registered, at zero, at an operation's first call.

use super::labels::closed;

closed! {
    /// The name is for a reader only: a counter is named by [`Rare::metric`].
    Rare {
        Duplicate = "duplicate execution",
        Stale = "stale completion",
        Forgotten = "forgotten record",
        LeaseLost = "lease lost",
        SuspectedOverlap = "suspected duplicate: overlap",
        SuspectedUnseen = "suspected duplicate: unseen",
        SuspectedFailure = "suspected duplicate: failure",
        SuspectedSuccess = "suspected duplicate: success",
        DriftTakeover = "drift of a takeover",
        DriftRerun = "drift of a rerun",
        LateRecord = "late retry by its record",
        LateKey = "late retry by its key's time",
        CrossScope = "key in two scopes",
        RepeatedEffect = "repeated effect",
    }
}

#[cfg(feature = "metrics")]
impl Rare {
    /// Its metric, and what its label beside the operation is.
    pub(super) const fn metric(
        self,
    ) -> (super::metrics::Metric, Option<(&'static str, &'static str)>) {
        use super::metrics::list;
        match self {
            Self::Duplicate => (list::DUPLICATES, None),
            Self::Stale => (list::STALE, None),
            Self::Forgotten => (list::FORGOTTEN, None),
            Self::LeaseLost => (list::LEASES_LOST, None),
            Self::SuspectedOverlap => (list::SUSPECTED, Some(("evidence", "overlap"))),
            Self::SuspectedUnseen => (list::SUSPECTED, Some(("evidence", "unseen"))),
            Self::SuspectedFailure => (list::SUSPECTED, Some(("evidence", "failure"))),
            Self::SuspectedSuccess => (list::SUSPECTED, Some(("evidence", "success"))),
            Self::DriftTakeover => (list::DRIFT, Some(("source", "takeover"))),
            Self::DriftRerun => (list::DRIFT, Some(("source", "rerun"))),
            Self::LateRecord => (list::LATE, Some(("evidence", "record"))),
            Self::LateKey => (list::LATE, Some(("evidence", "key_time"))),
            Self::CrossScope => (list::CROSS_SCOPE, None),
            Self::RepeatedEffect => (list::EFFECTS, None),
        }
    }
}
