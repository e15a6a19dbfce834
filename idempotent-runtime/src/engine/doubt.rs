//! A claim whose outcome is not known: its caller left, or the store did not
//! answer. Nothing runs under it, so its record is given back as it was
//! found, and a retry need not wait for a lease that nobody holds. (A claim
//! that the store carries out after all this holds its lease for nothing.)

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::sleep;

use super::{Call, Engine};
use crate::lease::{Lease, Token};
use crate::outcome::{ClaimOutcome, Claimed, Release};
use crate::record::RecordId;
use crate::store::StoreError;

/// Until it is resolved.
pub(super) struct Doubt<'a> {
    pub(super) engine: &'a Arc<Engine>,
    pub(super) call: &'a Call,
    pub(super) token: Token,
}

impl Doubt<'_> {
    pub(super) fn resolve(self) {
        std::mem::forget(self);
    }
}

impl Drop for Doubt<'_> {
    fn drop(&mut self) {
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        // Beyond the bound the lease runs out instead.
        if let Ok(place) = Arc::clone(&self.engine.doubts).try_acquire_owned() {
            let (engine, call, token) = (Arc::clone(self.engine), self.call.clone(), self.token);
            runtime.spawn(async move {
                engine.settle(&call, &token).await;
                drop(place);
            });
        }
    }
}

impl Engine {
    /// The same token's claim, sent again, tells what the first one found
    /// (invariant 5): an interruption must stay one.
    async fn settle(&self, call: &Call, token: &Token) {
        for pause in pauses(call.lease) {
            wait(pause).await;
            let claim = call.claim(&self.settings, *token);
            match self.within_timeout("claim", self.store.claim(&claim)).await {
                Ok(ClaimOutcome::Claimed(claimed)) => {
                    let found = claimed.found();
                    return self.give_back(&call.id, token, call.lease, found).await;
                }
                Err(StoreError::Unavailable { .. }) => {}
                // It is another attempt's, or was refused.
                Ok(_) | Err(_) => return,
            }
        }
    }

    /// Releases a record whose attempt is over; if the store does not answer
    /// before the lease runs out, that frees it.
    pub(super) async fn give_back(
        &self,
        id: &RecordId,
        token: &Token,
        lease: Lease,
        reason: Release,
    ) {
        for pause in pauses(lease) {
            wait(pause).await;
            let release = self.store.release(id, token, reason);
            if self.within_timeout("release", release).await.is_ok() {
                return;
            }
        }
    }
}

/// A pause of nothing is none: a timer's shortest is a millisecond.
async fn wait(pause: Duration) {
    if !pause.is_zero() {
        sleep(pause).await;
    }
}

/// At once, and then within the lease.
fn pauses(lease: Lease) -> [Duration; 4] {
    let pause = lease.duration() / 4;
    [Duration::ZERO, pause, pause, pause]
}

impl Claimed {
    /// The reason to release for, where nothing ran.
    fn found(&self) -> Release {
        if self.previous.is_unfinished() {
            Release::Interrupted
        } else {
            Release::Retry
        }
    }
}
