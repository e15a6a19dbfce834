//! Since when the oldest attempt in flight runs: of those that hold leases, as
//! the heartbeats tell, and of those in transactions, which have no heartbeat.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::Instant;

use super::Telemetry;

#[derive(Default)]
pub(super) struct Oldest(Mutex<State>);

#[derive(Default)]
struct State {
    /// The oldest of each heartbeat that has one.
    leased: BTreeMap<usize, Instant>,
    /// By a number that rises, so that the first is the oldest.
    in_transactions: BTreeMap<u64, Instant>,
    entered: u64,
}

/// An attempt inside a transaction, until dropped.
pub(crate) struct InTransaction {
    telemetry: Arc<Telemetry>,
    number: u64,
}

impl State {
    fn since(&self) -> Option<Instant> {
        let unleased = self.in_transactions.values().next();
        self.leased.values().chain(unleased).min().copied()
    }
}

impl Telemetry {
    /// The oldest attempt of one heartbeat began then; none runs where `None`.
    pub(crate) fn oldest_leased(&self, heartbeat: usize, since: Option<Instant>) {
        self.change(|state| match since {
            Some(since) => drop(state.leased.insert(heartbeat, since)),
            None => drop(state.leased.remove(&heartbeat)),
        });
    }

    pub(super) fn enters_transaction(self: &Arc<Self>) -> InTransaction {
        let number = self.change(|state| {
            state.entered += 1;
            let number = state.entered;
            state.in_transactions.insert(number, Instant::now());
            number
        });
        InTransaction {
            telemetry: Arc::clone(self),
            number,
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.oldest.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = state.since();
        let changed = change(&mut state);
        let since = state.since();
        // Told under the lock, so that what is shown last is what is true.
        if since != before || since.is_none() {
            self.meters.oldest(since.map(|since| since.elapsed()));
        }
        changed
    }
}

impl Drop for InTransaction {
    fn drop(&mut self) {
        self.telemetry
            .change(|state| state.in_transactions.remove(&self.number));
    }
}
