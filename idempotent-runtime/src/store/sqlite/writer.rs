//! All writes of this process, through one connection at a time: SQLite has
//! one writer anyhow, and those that wait together share a statement and a
//! commit.
//!
//! Nobody is answered before the commit that holds its change (invariants 3
//! and 8). A transaction is open for as long as its statements take, and never
//! while anything else is awaited.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::Shared;
use super::attempts::{Completing, Extending, Releasing};
use super::claiming::Claiming;
use super::lane::{AnyLane, Lane, Verb};
use super::operator::{Expiring, Forgetting, Sweeping};
use super::steps::Stepping;
use crate::store::StoreError;

/// After this many commits the connection is given back for a moment: it may
/// be the pool's only one, and reads want it too.
const COMMITS: usize = 16;

#[derive(Default)]
pub(super) struct Writer(Mutex<Lanes>);

/// What waits, a lane for each verb, in the order in which they are run: who
/// gives up a claim and then releases it finds it released.
#[derive(Default)]
pub(super) struct Lanes {
    pub(super) claims: Lane<Claiming>,
    pub(super) extensions: Lane<Extending>,
    pub(super) steps: Lane<Stepping>,
    pub(super) completions: Lane<Completing>,
    pub(super) releases: Lane<Releasing>,
    pub(super) expirations: Lane<Expiring>,
    pub(super) forgets: Lane<Forgetting>,
    pub(super) sweeps: Lane<Sweeping>,
    /// A task works the lanes off, and looks again before it ends.
    on_duty: bool,
}

/// What is written together.
pub(super) type Group = Vec<Box<dyn AnyLane>>;

impl Lanes {
    fn take(&mut self) -> Group {
        [
            self.claims.take(),
            self.extensions.take(),
            self.steps.take(),
            self.completions.take(),
            self.releases.take(),
            self.expirations.take(),
            self.forgets.take(),
            self.sweeps.take(),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

impl Writer {
    fn lanes(&self) -> MutexGuard<'_, Lanes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    /// Has a verb written, soon, and says what came of it. It may be written
    /// even if the caller does not wait for it.
    pub(super) async fn write<V: Verb>(self: &Arc<Self>, verb: V) -> Result<V::Answer, StoreError> {
        let ended = || StoreError::unavailable(V::NAME, "the runtime of the writing task ended");
        let runtime = Handle::try_current().map_err(|_| ended())?;
        let (caller, answer) = oneshot::channel();
        let is_first = {
            let mut lanes = self.writer.lanes();
            V::lane(&mut lanes).join(verb, caller);
            !std::mem::replace(&mut lanes.on_duty, true)
        };
        if is_first {
            let shift = Shift {
                shared: Arc::clone(self),
                over: false,
            };
            runtime.spawn(shift.work());
        }
        answer.await.unwrap_or_else(|_| Err(ended()))
    }
}

/// The time of one task on duty.
struct Shift {
    shared: Arc<Shared>,
    over: bool,
}

impl Shift {
    async fn work(mut self) {
        let mut held = None;
        for commits in 1.. {
            let Some(group) = self.next() else {
                return;
            };
            held = self.shared.write_group(held, group).await;
            if commits % COMMITS == 0 {
                held = None;
            }
        }
    }

    /// Those that wait by now; none ends the shift.
    fn next(&mut self) -> Option<Group> {
        let mut lanes = self.shared.writer.lanes();
        let group = lanes.take();
        if group.is_empty() {
            lanes.on_duty = false;
            self.over = true;
            return None;
        }
        Some(group)
    }
}

/// The runtime may end before the work does: those that wait are told, by the
/// end of their channel, and the next one starts afresh.
impl Drop for Shift {
    fn drop(&mut self) {
        if !self.over {
            *self.shared.writer.lanes() = Lanes::default();
        }
    }
}
