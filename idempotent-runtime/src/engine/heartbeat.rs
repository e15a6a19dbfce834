//! The heartbeat: one task for each runtime renews the leases of all its
//! attempts, in batches, apart from the bodies (invariant 6). It is spawned
//! by the first attempt, and ends when there was none for a while.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::runtime::{Handle, Id};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use super::Engine;
use crate::attempt::Attempt;
use crate::lease::{Lease, Token};
use crate::outcome::Ownership;
use crate::record::RecordId;
use crate::telemetry;

/// Without an attempt for this long, the task ends.
const IDLE: Duration = Duration::from_secs(10);

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
    attempt: Attempt,
    renewal: Renewal,
    due: Instant,
    /// When the last renewal that succeeded was sent.
    proven: Instant,
}

/// What the store needs to renew a lease.
type Renewal = (RecordId, Token, Lease);

/// An attempt's part in the heartbeat, until dropped.
pub(super) struct Beat {
    leases: Arc<Leases>,
    place: usize,
}

impl Heartbeats {
    /// Renews the attempt's lease until the result is dropped; `None` outside
    /// of a runtime, where a lease can only run out.
    pub(super) fn start(
        &self,
        engine: &Arc<Engine>,
        attempt: &Attempt,
        renewal: Renewal,
    ) -> Option<Beat> {
        let runtime = Handle::try_current().ok()?;
        let leases = self.of(&runtime);
        let now = Instant::now();
        let due = now + renewal.2.duration() / 3;
        let mut state = leases.lock();
        let held = Some(Held {
            attempt: attempt.clone(),
            renewal,
            due,
            proven: now,
        });
        let place = state.free.pop().unwrap_or_else(|| {
            state.held.push(None);
            state.held.len() - 1
        });
        state.held[place] = held;
        match state.looks_at {
            Some(at) if at <= due => {}
            Some(_) => leases.sooner.notify_one(),
            None => {
                state.looks_at = Some(now);
                let task = Task {
                    engine: Arc::downgrade(engine),
                    leases: Arc::clone(&leases),
                };
                runtime.spawn(task.run());
            }
        }
        drop(state);
        Some(Beat { leases, place })
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

impl Drop for Beat {
    fn drop(&mut self) {
        let mut state = self.leases.lock();
        state.held[self.place] = None;
        state.free.push(self.place);
    }
}

/// The task of one runtime.
struct Task {
    engine: Weak<Engine>,
    leases: Arc<Leases>,
}

/// What the task does next.
enum Next {
    Renew(Vec<Renewal>),
    Sleep(Instant),
    Idle(Instant),
}

impl Task {
    async fn run(self) {
        loop {
            match self.next() {
                Next::Renew(batch) => {
                    let Some(engine) = self.engine.upgrade() else {
                        return;
                    };
                    self.renew(&engine, &batch).await;
                }
                Next::Sleep(at) => {
                    // Whichever comes first: the list is looked through again.
                    let _ = timeout_at(at, self.leases.sooner.notified()).await;
                }
                Next::Idle(until) => {
                    let idle = timeout_at(until, self.leases.sooner.notified())
                        .await
                        .is_err();
                    let mut state = self.leases.lock();
                    if idle && state.held.iter().all(Option::is_none) {
                        state.looks_at = None;
                        return;
                    }
                }
            }
        }
    }

    fn next(&self) -> Next {
        let now = Instant::now();
        let mut state = self.leases.lock();
        let held = || state.held.iter().flatten();
        let Some(first) = held().map(|held| held.due).min() else {
            let until = now + IDLE;
            state.looks_at = Some(until);
            return Next::Idle(until);
        };
        if first > now {
            state.looks_at = Some(first);
            return Next::Sleep(first);
        }
        let batch = held()
            .filter(|held| held.due <= now)
            .map(|held| held.renewal)
            .collect();
        state.looks_at = Some(now);
        Next::Renew(batch)
    }

    async fn renew(&self, engine: &Engine, batch: &[Renewal]) {
        let sent = Instant::now();
        let answer = engine
            .within_timeout("extend", engine.store.extend(batch))
            .await;
        let now = Instant::now();
        let mut state = self.leases.lock();
        for (place, (_, token, lease)) in batch.iter().enumerate() {
            let mut held = state.held.iter_mut().flatten();
            let Some(held) = held.find(|held| held.renewal.1 == *token) else {
                continue; // It ended meanwhile.
            };
            let lease = lease.duration();
            match answer.as_ref().map(|renewed| renewed.get(place)) {
                Ok(Some(Ownership::Held)) => {
                    held.proven = sent;
                    held.due = sent + lease / 3;
                }
                Ok(_) => {
                    held.due = now + lease;
                    tell(&held.attempt);
                }
                // Without an answer the lease may hold still: ask again soon.
                Err(_) => {
                    held.due = now + lease / 10;
                    if now.duration_since(held.proven) > lease {
                        tell(&held.attempt);
                    }
                }
            }
        }
    }
}

fn tell(attempt: &Attempt) {
    if attempt.mark_lost() {
        telemetry::lease_lost(attempt);
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        // Also when the runtime ends under it: the next attempt spawns another.
        self.leases.lock().looks_at = None;
    }
}
