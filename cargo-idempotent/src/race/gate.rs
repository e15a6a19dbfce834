//! A gate that opens for all threads within a fraction of a microsecond.

use std::sync::atomic::{AtomicUsize, Ordering};

pub(super) struct Gate {
    missing: AtomicUsize,
}

impl Gate {
    pub(super) fn new(threads: usize) -> Self {
        Self {
            missing: AtomicUsize::new(threads),
        }
    }

    /// Waits for the others, spinning: a sleeping thread wakes too late.
    pub(super) fn pass(&self) {
        self.missing.fetch_sub(1, Ordering::AcqRel);
        let mut turns = 0_u32;
        while self.missing.load(Ordering::Acquire) > 0 {
            turns += 1;
            if turns.is_multiple_of(256) {
                std::thread::yield_now();
            } else {
                std::hint::spin_loop();
            }
        }
    }
}
