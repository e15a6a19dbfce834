//! How many records a store has, as cheaply as it can tell.

/// What [`Store::stats`](super::Store::stats) counts; `None` where the store
/// cannot tell without reading everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct StoreStats {
    /// Attempts that hold a record, those whose lease ran out included.
    pub running: Option<Count>,
    /// Of these, the ones whose lease ran out.
    pub stuck: Option<Count>,
    /// Finished records that are replayed.
    pub done: Option<Count>,
    /// Records whose life is over, which no sweep has deleted yet.
    pub expired: Option<Count>,
}

/// A number of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// How many.
    pub records: u64,
    /// Whether they were counted; else it is the store's own estimate.
    pub is_exact: bool,
}

impl Count {
    /// Counted.
    pub const fn exact(records: u64) -> Self {
        Self {
            records,
            is_exact: true,
        }
    }

    /// The store's own estimate.
    pub const fn about(records: u64) -> Self {
        Self {
            records,
            is_exact: false,
        }
    }
}
