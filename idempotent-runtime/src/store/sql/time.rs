//! Durations as the statements take and give them: whole microseconds.

use std::time::Duration;

use crate::lease::Ttl;

/// The longest that an expired record is kept.
const LONGEST_GRACE: Duration = Duration::from_hours(1);

/// A duration to bind; the bounds of leases and ttls keep it far below 2⁶³.
pub(crate) fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX / 4)
}

/// For how long an expired record of this ttl is kept, in microseconds: a
/// tenth of it, an hour at most.
pub(crate) fn grace(ttl: Ttl) -> i64 {
    micros((ttl.duration() / 10).min(LONGEST_GRACE))
}

/// A duration that was read; what lies before now is nothing.
pub(super) fn duration(micros: i64) -> Duration {
    Duration::from_micros(u64::try_from(micros).unwrap_or(0))
}
