//! What runs in this process, as the heartbeat knows it: read without the
//! store, so that it is there when the store is not.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use super::Heartbeats;
use crate::engine::Engine;
use crate::lease::{Fence, Lease};
use crate::record::RecordId;

/// An attempt of this process that holds a lease.
#[derive(Debug, Clone)]
pub(crate) struct InFlight {
    pub(crate) id: RecordId,
    pub(crate) operation: &'static str,
    pub(crate) fence: Fence,
    pub(crate) lease: Lease,
    /// Since its claim was sent.
    pub(crate) age: Duration,
    /// Since the last renewal that succeeded was sent.
    pub(crate) unproven: Duration,
    /// Whether the store has said that its lease is lost.
    pub(crate) is_lost: bool,
}

impl Engine {
    /// The attempts of this process that hold leases, the oldest first.
    pub(crate) fn in_flight(&self) -> Vec<InFlight> {
        let mut all = self.heartbeats.seen();
        all.sort_by_key(|attempt| std::cmp::Reverse(attempt.age));
        all
    }
}

impl Heartbeats {
    fn seen(&self) -> Vec<InFlight> {
        let runtimes: Vec<_> = {
            let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            all.iter().map(|(_, leases)| Arc::clone(leases)).collect()
        };
        let mut seen = Vec::new();
        for leases in runtimes {
            let state = leases.lock();
            seen.extend(state.held.iter().flatten().map(|held| InFlight {
                id: held.renewal.0,
                operation: held.operation,
                fence: held.attempt.fence(),
                lease: held.renewal.2,
                age: held.since.elapsed(),
                unproven: held.proven.elapsed(),
                is_lost: held.attempt.is_lost(),
            }));
        }
        seen
    }
}
