//! The heartbeat: one task for each runtime renews the leases of all its
//! attempts, in batches, apart from the bodies (invariant 6). It is spawned
//! by the first attempt, and ends when there was none for a while.

#[cfg(feature = "admin")]
mod seen;
mod task;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::{Handle, Id};
use tokio::sync::Notify;
use tokio::time::Instant;

#[cfg(feature = "admin")]
pub(crate) use self::seen::InFlight;
use self::task::Task;
use super::Engine;
use crate::attempt::Attempt;
use crate::lease::{Lease, Token};
use crate::record::RecordId;

#[derive(Default)]
pub(super) struct Heartbeats(Mutex<Vec<(Id, Arc<Leases>)>>);

/// The leases of one runtime's attempts.
#[derive(Default)]
struct Leases {
    state: Mutex<State>,
    sooner: Notify,
}

#[derive(Default)]
struct State {
    held: Vec<Option<Held>>,
    free: Vec<usize>,
    /// When the task looks next; `None` while there is no task.
    looks_at: Option<Instant>,
}

struct Held {
    operation: &'static str,
    attempt: Attempt,
    renewal: Renewal,
    due: Instant,
    since: Instant,
    /// When the last renewal that succeeded was sent.
    proven: Instant,
    /// The longest time from such a one to the next one's answer.
    longest: Duration,
}

/// What the store needs to renew a lease.
type Renewal = (RecordId, Token, Lease);

/// An attempt's part in the heartbeat, until dropped.
pub(super) struct Beat {
    leases: Arc<Leases>,
    /// `None` once it has ended.
    place: Option<usize>,
}

impl Heartbeats {
    /// Renews the attempt's lease, whose claim was `sent` then, until the
    /// result is dropped; `None` outside of a runtime, where a lease can only
    /// run out.
    pub(super) fn start(
        &self,
        engine: &Arc<Engine>,
        operation: &'static str,
        attempt: &Attempt,
        renewal: Renewal,
        sent: Instant,
    ) -> Option<Beat> {
        let runtime = Handle::try_current().ok()?;
        let leases = self.of(&runtime);
        let due = sent + renewal.2.duration() / 3;
        let mut state = leases.lock();
        let held = Some(Held {
            operation,
            attempt: attempt.clone(),
            renewal,
            due,
            since: sent,
            proven: sent,
            longest: Duration::ZERO,
        });
        let place = state.free.pop().unwrap_or_else(|| {
            state.held.push(None);
            state.held.len() - 1
        });
        state.held[place] = held;
        let looks_at = state.looks_at;
        state.looks_at.get_or_insert(due);
        // A runtime that shuts down drops the task at once, which locks it.
        drop(state);
        match looks_at {
            Some(at) if at <= due => {}
            Some(_) => leases.sooner.notify_one(),
            None => {
                runtime.spawn(Task::new(engine, &leases).run());
            }
        }
        Some(Beat {
            leases,
            place: Some(place),
        })
    }

    fn of(&self, runtime: &Handle) -> Arc<Leases> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, leases)) = all.iter().find(|(id, _)| *id == runtime.id()) {
            return Arc::clone(leases);
        }
        // A runtime that is gone has no task and no attempts.
        all.retain(|(_, leases)| leases.lock().looks_at.is_some());
        let leases = Arc::<Leases>::default();
        all.push((runtime.id(), Arc::clone(&leases)));
        leases
    }
}

impl Leases {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Beat {
    /// Ends it with the store's last answer: the longest time between two.
    pub(super) fn end(mut self) -> Duration {
        let last = self.free();
        last.map_or(Duration::ZERO, |held| {
            held.longest.max(held.proven.elapsed())
        })
    }

    fn free(&mut self) -> Option<Held> {
        let place = self.place.take()?;
        let mut state = self.leases.lock();
        state.free.push(place);
        state.held[place].take()
    }
}

impl Drop for Beat {
    fn drop(&mut self) {
        self.free();
    }
}
