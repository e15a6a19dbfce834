//! How far a long table is.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Tells at each twentieth of a long table how far it is.
pub(super) struct Told {
    all: usize,
    done: AtomicUsize,
}

impl Told {
    pub(super) fn of(all: usize) -> Self {
        let done = AtomicUsize::new(0);
        Self { all, done }
    }

    pub(super) fn one_more(&self) {
        let done = self.done.fetch_add(1, Relaxed) + 1;
        let twentieth = |done: usize| done * 20 / self.all.max(1);
        if self.all >= 100 && twentieth(done) > twentieth(done - 1) {
            eprintln!("zoo: {done} of {} visits", self.all);
        }
    }
}
