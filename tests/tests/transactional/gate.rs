//! Holds bodies until the test lets them go on, and tells when they are there.

use std::sync::Arc;

use tokio::sync::watch;

/// A gate that bodies pass; clones are the same one.
#[derive(Clone)]
pub(crate) struct Gate(Arc<Shared>);

struct Shared {
    entered: watch::Sender<usize>,
    open: watch::Sender<bool>,
}

impl Gate {
    /// An open gate.
    pub(crate) fn new() -> Self {
        Self(Arc::new(Shared {
            entered: watch::Sender::new(0),
            open: watch::Sender::new(true),
        }))
    }

    pub(crate) fn close(&self) {
        self.0.open.send_replace(false);
    }

    pub(crate) fn open(&self) {
        self.0.open.send_replace(true);
    }

    /// How many bodies have come so far.
    pub(crate) fn count(&self) -> usize {
        *self.0.entered.borrow()
    }

    /// Counts one body that never was, so that answers differ.
    pub(crate) fn pass_by(&self) {
        self.0.entered.send_modify(|count| *count += 1);
    }

    /// Returns when this many bodies have come.
    pub(crate) async fn entered(&self, bodies: usize) {
        let mut entered = self.0.entered.subscribe();
        entered.wait_for(|count| *count >= bodies).await.unwrap();
    }

    /// What a body does: comes, and goes on once the gate is open.
    pub(crate) async fn pass(&self) {
        self.0.entered.send_modify(|count| *count += 1);
        let mut open = self.0.open.subscribe();
        open.wait_for(|open| *open).await.unwrap();
    }
}
