//! The one place of the chores that reads a clock.
//!
//! `clippy.toml` forbids `Instant::now`, as the store's clock is the only one
//! that the protocol knows. Waiting for a server to come up is no protocol.

use std::thread;
use std::time::{Duration, Instant};

/// A moment measured from now: how long something took, and whether its bound
/// has passed.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    start: Instant,
    bound: Duration,
}

impl Deadline {
    /// A deadline that passes after `bound`.
    #[allow(
        clippy::disallowed_methods,
        reason = "a chore waits for processes of this machine; no lease depends on it"
    )]
    pub fn after(bound: Duration) -> Self {
        Self {
            start: Instant::now(),
            bound,
        }
    }

    /// A stopwatch: a deadline that does not pass.
    pub fn never() -> Self {
        Self::after(Duration::MAX)
    }

    /// The time since the start.
    pub fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// Whether the bound has passed.
    pub fn passed(&self) -> bool {
        self.elapsed() >= self.bound
    }

    /// Asks `done` every `every` until it says yes, or the bound has passed.
    /// Returns the last answer.
    pub fn poll(&self, every: Duration, mut done: impl FnMut() -> bool) -> bool {
        loop {
            if done() {
                return true;
            }
            if self.passed() {
                return false;
            }
            thread::sleep(every);
        }
    }
}
