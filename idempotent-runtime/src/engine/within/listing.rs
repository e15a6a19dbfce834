//! The records that transactions of this process have claimed, or ask for: what
//! answers local duplicates without a connection.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use super::super::{Call, Engine};
use crate::fingerprint::Fingerprint;
use crate::outcome::{Done, Running};
use crate::record::RecordId;

#[derive(Default)]
pub(in crate::engine) struct Listing(Mutex<HashMap<RecordId, watch::Receiver<Phase>>>);

/// How far the one call of a record is that may use a connection.
#[derive(Clone)]
pub(super) enum Phase {
    /// It asks the database.
    Asking,
    /// Its body runs.
    Running {
        fingerprint: Fingerprint,
        since: Instant,
    },
    /// It is over, and this is what it learned.
    Over(Learned),
}

/// What serves those who came meanwhile.
#[derive(Clone)]
pub(super) enum Learned {
    Nothing,
    /// The database did not answer.
    Unavailable,
    /// Another process has it.
    Elsewhere(Running),
    Done(Done),
}

/// The right to use a connection for a record, until dropped.
pub(super) struct Entry {
    engine: Arc<Engine>,
    id: RecordId,
    phase: watch::Sender<Phase>,
}

impl Entry {
    /// Takes the record, or says who has it.
    pub(super) fn take(engine: &Arc<Engine>, call: &Call) -> Result<Self, Other> {
        match engine.listing.lock().entry(call.id) {
            Slot::Occupied(slot) => Err(Other(slot.get().clone())),
            Slot::Vacant(slot) => {
                let (phase, seen) = watch::channel(Phase::Asking);
                slot.insert(seen);
                Ok(Self {
                    engine: Arc::clone(engine),
                    id: call.id,
                    phase,
                })
            }
        }
    }

    pub(super) fn runs(&self, call: &Call) {
        let fingerprint = call.fingerprint;
        let since = Instant::now();
        self.phase
            .send_replace(Phase::Running { fingerprint, since });
    }

    pub(super) fn learned(&self, learned: Learned) {
        self.phase.send_replace(Phase::Over(learned));
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        // First off the list: who is told then may take it at once.
        self.engine.listing.lock().remove(&self.id);
        self.phase.send_if_modified(|phase| {
            let ends = !matches!(phase, Phase::Over(_));
            if ends {
                *phase = Phase::Over(Learned::Nothing);
            }
            ends
        });
    }
}

/// The call that has the record, seen by a duplicate.
pub(super) struct Other(watch::Receiver<Phase>);

impl Other {
    /// What it is at once it no longer asks; `Asking` at the deadline.
    pub(super) async fn asked(&mut self, deadline: Instant) -> Phase {
        self.until(deadline, |phase| !matches!(phase, Phase::Asking))
            .await
    }

    /// Its answer, if it has one for this call before the deadline.
    pub(super) async fn answer(&mut self, call: &Call, deadline: Instant) -> Option<Done> {
        let over = self.until(deadline, |phase| matches!(phase, Phase::Over(_)));
        match over.await {
            Phase::Over(Learned::Done(done)) if done.fingerprint == call.fingerprint => Some(done),
            _ => None,
        }
    }

    async fn until(&mut self, deadline: Instant, mut is: impl FnMut(&Phase) -> bool) -> Phase {
        // An error is a sender that is gone, and it says so before.
        let _ = timeout_at(deadline, self.0.wait_for(&mut is)).await;
        self.0.borrow().clone()
    }
}

impl Listing {
    fn lock(&self) -> MutexGuard<'_, HashMap<RecordId, watch::Receiver<Phase>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
