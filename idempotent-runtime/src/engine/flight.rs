//! How many attempts run in this process, and waiting for their end.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use tokio::sync::Notify;

use crate::error::{Error, RETRY_SOON};

pub(crate) struct Flight {
    max: usize,
    count: AtomicUsize,
    closed: AtomicBool,
    landed: Notify,
}

/// A place among the attempts in flight, until dropped or kept.
pub(crate) struct Place<'a>(&'a Flight);

impl Flight {
    pub(crate) fn new(max: usize) -> Self {
        Self {
            max,
            count: AtomicUsize::new(0),
            closed: AtomicBool::new(false),
            landed: Notify::new(),
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.count.load(SeqCst)
    }

    /// Takes a place before the claim, or refuses with nothing run.
    pub(crate) fn enter(&self) -> Result<Place<'_>, Error> {
        let before = self.count.fetch_add(1, SeqCst);
        let place = Place(self);
        if before >= self.max || self.closed.load(SeqCst) {
            return Err(Error::Overloaded {
                retry_after: RETRY_SOON,
            });
        }
        Ok(place)
    }

    /// Gives back a place that was kept.
    pub(crate) fn leave(&self) {
        if self.count.fetch_sub(1, SeqCst) == 1 && self.closed.load(SeqCst) {
            self.landed.notify_waiters();
        }
    }

    /// Refuses new attempts and waits for the running ones.
    pub(crate) async fn drain(&self, timeout: Duration) -> usize {
        self.closed.store(true, SeqCst);
        let landed = async {
            loop {
                let landed = self.landed.notified();
                tokio::pin!(landed);
                landed.as_mut().enable();
                if self.count() == 0 {
                    return;
                }
                landed.await;
            }
        };
        // Out of time or not, what counts is how many are left.
        let _ = tokio::time::timeout(timeout, landed).await;
        self.count()
    }
}

impl Place<'_> {
    /// Keeps the place beyond this value: [`Flight::leave`] gives it back.
    pub(crate) fn keep(self) {
        std::mem::forget(self);
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.leave();
    }
}
