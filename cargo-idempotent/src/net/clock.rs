//! Time as measured here: for offsets and timelines, never compared with a store's.

use std::time::{Duration, Instant};

pub(crate) type Moment = Instant;

#[allow(
    clippy::disallowed_methods,
    reason = "a client measures its own requests"
)]
pub(crate) fn now() -> Moment {
    Instant::now()
}

/// Whole microseconds of a span.
pub(crate) fn micros(span: Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}
