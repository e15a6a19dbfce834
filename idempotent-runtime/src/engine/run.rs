//! An attempt's hold on its record, until it is completed or given back.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;

use super::heartbeat::Beat;
use super::{Call, Engine};
use crate::answer::Answer;
use crate::attempt::Attempt;
use crate::error::Error;
use crate::lease::{Fence, Token};
use crate::outcome::{Claimed, Completion, Previous, Release};
use crate::policy::OnInterrupt;
use crate::store::StoreError;
use crate::telemetry;

/// The one attempt that runs. Dropped unfinished, it gives its record back
/// as interrupted.
pub(crate) struct Run {
    pub(super) engine: Arc<Engine>,
    pub(super) call: Call,
    token: Token,
    fence: Fence,
    attempt: Attempt,
    finished: bool,
    _beat: Option<Beat>,
}

impl Run {
    /// The run of a claim; it gives the place in flight back at its end.
    pub(super) fn new(engine: &Arc<Engine>, call: Call, token: Token, claimed: Claimed) -> Self {
        let attempt = call.attempt.clone();
        attempt.begin(call.id, claimed);
        let beat = engine
            .heartbeats
            .start(engine, &attempt, (call.id, token, call.lease));
        Self {
            engine: Arc::clone(engine),
            call,
            token,
            fence: claimed.fence,
            attempt,
            finished: false,
            _beat: beat,
        }
    }

    /// The run, unless an attempt before it died unfinished and the operation
    /// does not run again.
    pub(super) async fn unless_interrupted(self, claimed: &Claimed) -> Result<Self, Error> {
        let unfinished = matches!(
            claimed.previous,
            Previous::Interrupted | Previous::TakenOver
        );
        if unfinished && self.call.on_interrupt == OnInterrupt::Reject {
            self.release(Release::Interrupted).await;
            return Err(Error::OutcomeUnknown);
        }
        telemetry::claimed(&self.call, claimed);
        Ok(self)
    }

    pub(crate) fn attempt(&self) -> &Attempt {
        &self.attempt
    }

    pub(super) async fn try_complete(&self, answer: &Answer) -> Result<Completion, StoreError> {
        let Call { id, ttl, .. } = &self.call;
        let complete = self
            .engine
            .store
            .complete(id, &self.token, self.fence, answer, *ttl);
        self.engine.within_timeout("complete", complete).await
    }

    /// The record is finished, or another's: nothing is left to give back.
    pub(super) fn finish(mut self) {
        self.finished = true;
    }

    /// Gives the record back, so that a retry that follows the answer at once
    /// finds it free.
    pub(crate) async fn release(self, reason: Release) {
        if self.try_release(reason).await.is_ok() {
            telemetry::released(&self.call, reason);
            return self.finish();
        }
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(self.release_later(reason));
        }
    }

    async fn try_release(&self, reason: Release) -> Result<(), StoreError> {
        let release = self
            .engine
            .store
            .release(&self.call.id, &self.token, reason);
        self.engine
            .within_timeout("release", release)
            .await
            .map(drop)
    }

    /// Within its lease; after that a retry takes over by itself.
    async fn release_later(self, reason: Release) {
        let lease = self.call.lease.duration();
        for pause in [lease / 8, lease / 4, lease / 2] {
            tokio::time::sleep(pause.max(Duration::from_millis(10))).await;
            if self.try_release(reason).await.is_ok() {
                break;
            }
        }
        self.finish();
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.engine.flight.leave();
        if self.finished {
            return;
        }
        telemetry::interrupted(&self.call);
        // Without a runtime the lease runs out instead.
        if let Ok(runtime) = Handle::try_current() {
            let (engine, id, token) = (Arc::clone(&self.engine), self.call.id, self.token);
            runtime.spawn(async move {
                let release = engine.store.release(&id, &token, Release::Interrupted);
                let _ = engine.within_timeout("release", release).await;
            });
        }
    }
}
