//! The task that renews the leases of one runtime. It looks through the list
//! when the first of them is due, or is told that one is due sooner.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::super::Engine;
use super::{Held, Leases, Renewal};
use crate::outcome::Ownership;
use crate::telemetry::Telemetry;

/// Without an attempt for this long, the task ends.
const IDLE: Duration = Duration::from_secs(10);

/// Leases that are renewed together, and their places.
#[derive(Default)]
struct Batch {
    places: Vec<usize>,
    renewals: Vec<Renewal>,
}

/// The task of one runtime.
pub(super) struct Task {
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
    pub(super) fn new(engine: &Arc<Engine>, leases: &Arc<Leases>) -> Self {
        Self {
            engine: Arc::downgrade(engine),
            leases: Arc::clone(leases),
            ended: false,
        }
    }

    pub(super) async fn run(mut self) {
        loop {
            self.tell_oldest();
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

    fn tell_oldest(&self) {
        let state = self.leases.lock();
        let oldest = state.held.iter().flatten().map(|held| held.since).min();
        drop(state);
        self.tell(oldest);
    }

    fn tell(&self, oldest: Option<Instant>) {
        if let Some(engine) = self.engine.upgrade() {
            let heartbeat = Arc::as_ptr(&self.leases).addr();
            engine.telemetry.oldest_leased(heartbeat, oldest);
        }
    }

    async fn renew(&self, engine: &Engine, batch: &Batch) {
        let sent = Instant::now();
        let extend = engine.store.extend(&batch.renewals);
        let answer = engine
            .within(batch.patience(engine), "extend", extend)
            .await;
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
                    held.longest = held.longest.max(now.duration_since(held.proven));
                    held.proven = sent;
                    held.due = sent + lease / 3;
                }
                Ok(_) => {
                    held.due = now + lease;
                    held.tell(&engine.telemetry);
                }
                // Without an answer the lease may hold still: ask again soon.
                Err(_) => {
                    held.due = now + lease / 10;
                    if now.duration_since(held.proven) > lease {
                        held.tell(&engine.telemetry);
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

    /// Tells the body, and the operators, that its lease is lost.
    fn tell(&self, telemetry: &Telemetry) {
        if self.attempt.mark_lost() {
            telemetry.lease_lost(self.operation, self.renewal.2, &self.attempt);
        }
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

impl Drop for Task {
    fn drop(&mut self) {
        // Also when the runtime ends under it: the next attempt spawns another.
        if !self.ended {
            self.leases.lock().looks_at = None;
            self.tell(None);
        }
    }
}
