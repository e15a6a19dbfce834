//! When and how much a sweeper deletes.

use std::time::Duration;

/// How often a sweeper looks, and how much it deletes at a time.
///
/// With the defaults one process deletes up to 1,000 × 100 records a minute,
/// 1,666 a second. A store that gains more needs larger batches, shorter
/// pauses, or sweepers in more processes:
///
/// ```
/// use idempotent_runtime::SweepSchedule;
/// use std::time::Duration;
///
/// // Up to 10,000 records a second, while there are as many.
/// let schedule = SweepSchedule::every(Duration::from_secs(10)).batch(2_000).batches(50);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SweepSchedule {
    pub(super) every: Duration,
    pub(super) batch: u32,
    pub(super) batches: u32,
}

impl SweepSchedule {
    /// A round of batches each time that this has passed; at least a second.
    pub fn every(time: Duration) -> Self {
        Self {
            every: time.clamp(Duration::from_secs(1), Duration::from_hours(24)),
            batch: 1_000,
            batches: 100,
        }
    }

    /// The most records that one statement deletes; 1,000 by default. A
    /// larger batch is cheaper by the record and holds its locks for longer;
    /// it must be done within the store's timeout.
    pub fn batch(mut self, records: u32) -> Self {
        self.batch = records.max(1);
        self
    }

    /// The most batches of one round; 100 by default. A batch that was not
    /// full is the last one of its round.
    pub fn batches(mut self, batches: u32) -> Self {
        self.batches = batches.max(1);
        self
    }

    /// How long it is from one round's start to the next one's.
    pub fn period(&self) -> Duration {
        self.every
    }
}

impl Default for SweepSchedule {
    /// Once a minute.
    fn default() -> Self {
        Self::every(Duration::from_mins(1))
    }
}
