//! The heartbeat: one task for each runtime renews the leases of all its
//! attempts, in batches, apart from the bodies (invariant 6). It is spawned
//! by the first attempt, and ends when there was none for a while.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::runtime::{Handle, Id};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use super::{Engine, within};
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
    /// Renews the attempt's lease, whose claim was `sent` then, until the
    /// result is dropped; `None` outside of a runtime, where a lease can only
    /// run out.
    pub(super) fn start(
        &self,
        engine: &Arc<Engine>,
        attempt: &Attempt,
        renewal: Renewal,
        sent: Instant,
    ) -> Option<Beat> {
        let runtime = Handle::try_current().ok()?;
        let leases = self.of(&runtime);
        let due = sent + renewal.2.duration() / 3;
        let mut state = leases.lock();
        let held = Some(Held {
            attempt: attempt.clone(),
            renewal,
            due,
            proven: sent,
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
                let task = Task {
                    engine: Arc::downgrade(engine),
                    leases: Arc::clone(&leases),
                    ended: false,
                };
                runtime.spawn(task.run());
            }
        }
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

/// Leases that are renewed together, and their places.
#[derive(Default)]
struct Batch {
    places: Vec<usize>,
    renewals: Vec<Renewal>,
}

/// The task of one runtime.
struct Task {
    engine: Weak<Engine>,
    leases: Arc<Leases>,
    /// Whether it has said that there is no task any more.
    ended: bool,
}

/// What the task does next.
enum Next {
    Renew(Batch),
    Sleep(Instant),
    Idle(Instant),
}

impl Task {
    async fn run(mut self) {
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
                        self.ended = true;
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
        let mut batch = Batch::default();
        for (place, held) in state.held.iter().enumerate() {
            if let Some(held) = held.as_ref().filter(|held| held.may_join(now)) {
                batch.places.push(place);
                batch.renewals.push(held.renewal);
            }
        }
        state.looks_at = Some(now);
        Next::Renew(batch)
    }

    async fn renew(&self, engine: &Engine, batch: &Batch) {
        let sent = Instant::now();
        let extend = engine.store.extend(&batch.renewals);
        let answer = within(batch.patience(engine), "extend", extend).await;
        let now = Instant::now();
        let mut state = self.leases.lock();
        for (at, (place, renewal)) in batch.places.iter().zip(&batch.renewals).enumerate() {
            let held = state.held[*place].as_mut();
            let Some(held) = held.filter(|held| held.renewal.1 == renewal.1) else {
                continue; // It ended meanwhile.
            };
            let lease = held.renewal.2.duration();
            match answer.as_ref().map(|renewed| renewed.get(at)) {
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

impl Held {
    /// Whether it is due, or soon enough that it goes with one that is: many
    /// leases cost few statements.
    fn may_join(&self, now: Instant) -> bool {
        self.due <= now + self.renewal.2.duration() / 6
    }
}

impl Batch {
    /// A store that hangs must not cost the leases that another try could
    /// renew in time.
    fn patience(&self, engine: &Engine) -> Duration {
        let leases = self.renewals.iter().map(|(_, _, lease)| *lease);
        let third = leases.min().map(|lease| lease.duration() / 3);
        let timeout = engine.settings.store_timeout;
        third.map_or(timeout, |third| third.min(timeout))
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
        if !self.ended {
            self.leases.lock().looks_at = None;
        }
    }
}
