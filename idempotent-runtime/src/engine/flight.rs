//! How many attempts run in this process, and waiting for their end.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use tokio::sync::Notify;

use super::Engine;
use crate::error::{Error, RETRY_SOON};

pub(crate) struct Flight {
    max: usize,
    count: AtomicUsize,
    closed: AtomicBool,
    landed: Notify,
}

/// A place among the attempts in flight, until dropped.
pub(crate) struct Place(Arc<Engine>);

impl Flight {
    pub(super) fn new(max: usize) -> Self {
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

impl Place {
    /// Takes a place before the claim, or refuses with nothing run.
    pub(crate) fn take(engine: &Arc<Engine>) -> Result<Self, Error> {
        let flight = &engine.flight;
        let before = flight.count.fetch_add(1, SeqCst);
        let place = Self(Arc::clone(engine));
        if before >= flight.max || flight.closed.load(SeqCst) {
            return Err(Error::Overloaded {
                retry_after: RETRY_SOON,
            });
        }
        Ok(place)
    }

    /// A place for what an attempt leaves to do at its end: over no bound,
    /// as it follows one that was within it.
    pub(super) fn another(&self) -> Self {
        self.0.flight.count.fetch_add(1, SeqCst);
        Self(Arc::clone(&self.0))
    }

    pub(crate) fn engine(&self) -> &Arc<Engine> {
        &self.0
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let flight = &self.0.flight;
        if flight.count.fetch_sub(1, SeqCst) == 1 && flight.closed.load(SeqCst) {
            flight.landed.notify_waiters();
        }
    }
}
