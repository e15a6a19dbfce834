//! The memory store's one clock: tokio's, over the time it was started at, so
//! that a test's paused clock works (invariant 7).

use std::time::{SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

use crate::record::StoreTime;

#[derive(Debug)]
pub(super) struct Clock {
    started: Instant,
    epoch_micros: StoreTime,
}

impl Clock {
    #[allow(clippy::disallowed_methods)] // the one look at the wall clock, from which the store's own runs
    pub(super) fn start() -> Self {
        let since_epoch = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Self {
            started: Instant::now(),
            epoch_micros: u64::try_from(since_epoch.as_micros()).unwrap_or(0),
        }
    }

    pub(super) fn now(&self) -> StoreTime {
        self.epoch_micros + u64::try_from(self.started.elapsed().as_micros()).unwrap_or(0)
    }
}
