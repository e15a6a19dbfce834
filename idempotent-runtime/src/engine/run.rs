//! An attempt's hold on its record, until it is completed or given back.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::Instant;

use super::flight::Place;
use super::heartbeat::Beat;
use super::{Call, Engine, Pending, Recorder};
use crate::answer::Answer;
use crate::attempt::{Attempt, Late};
use crate::error::Error;
use crate::lease::{Fence, Token};
use crate::outcome::{Claimed, Completion, Release};
use crate::policy::OnInterrupt;
use crate::store::StoreError;

/// The one attempt that runs. Dropped unfinished, it gives its record back
/// as interrupted.
pub(crate) struct Run {
    pub(super) call: Call,
    place: Place,
    token: Token,
    fence: Fence,
    attempt: Attempt,
    finished: bool,
    /// Whether it has learned that its record was not its own at its end.
    pub(super) stale: bool,
    beat: Option<Beat>,
    /// The longest time without a sign of life from the store.
    gap: Duration,
}

/// A claim that this process won.
pub(super) struct Won {
    pub(super) place: Place,
    pub(super) token: Token,
    pub(super) claimed: Claimed,
    /// When it was sent: the lease began no sooner.
    pub(super) sent: Instant,
}

impl Run {
    /// The run of a claim; it gives the place in flight back at its end.
    pub(super) fn new(call: Call, won: Won) -> Self {
        let attempt = call.attempt.clone();
        let engine = won.place.engine();
        let secret = engine.settings.secret.clone();
        let recorder = Recorder::new(engine, won.token, call.lease);
        let fence = won.claimed.fence;
        attempt.start(call.id, won.claimed, secret, Some(recorder));
        let mut run = Self {
            call,
            place: won.place,
            token: won.token,
            fence,
            attempt,
            finished: false,
            stale: false,
            beat: None,
            gap: Duration::ZERO,
        };
        run.hold(won.token, fence, won.sent);
        run
    }

    /// From now on the record is held by this token and fence.
    pub(super) fn hold(&mut self, token: Token, fence: Fence, sent: Instant) {
        (self.token, self.fence) = (token, fence);
        self.end_beat();
        let renewal = (self.call.id, token, self.call.lease);
        let engine = self.place.engine();
        self.beat =
            engine
                .heartbeats
                .start(engine, self.call.operation, &self.attempt, renewal, sent);
    }

    fn end_beat(&mut self) {
        if let Some(beat) = self.beat.take() {
            self.gap = self.gap.max(beat.end());
        }
    }

    /// The run, unless an attempt before it died unfinished and the operation
    /// does not run again.
    pub(super) async fn unless_interrupted(self) -> Result<Self, Error> {
        if self.attempt.previous().is_unfinished() && self.call.on_interrupt == OnInterrupt::Reject
        {
            self.release(Release::Interrupted).await;
            return Err(Error::OutcomeUnknown);
        }
        self.engine().telemetry.claimed(&self.call, &self.attempt);
        Ok(self)
    }

    pub(super) fn engine(&self) -> &Arc<Engine> {
        self.place.engine()
    }

    pub(crate) fn attempt(&self) -> &Attempt {
        &self.attempt
    }

    pub(super) fn token(&self) -> Token {
        self.token
    }

    /// The lease is not renewed any more.
    pub(super) fn rest(&mut self) {
        self.end_beat();
    }

    pub(super) async fn try_complete_within(
        &self,
        pending: &mut dyn Pending,
        answer: &Answer,
    ) -> Result<Completion, StoreError> {
        let (engine, Call { id, ttl, .. }) = (self.engine(), &self.call);
        let records = pending.records();
        let (token, fence) = (&self.token, self.fence);
        let complete = records.complete_within(pending.session(), id, token, fence, answer, *ttl);
        engine.within_timeout("complete", complete).await
    }

    pub(super) async fn try_complete(&self, answer: &Answer) -> Result<Completion, StoreError> {
        let (engine, Call { id, ttl, .. }) = (self.engine(), &self.call);
        let complete = engine
            .store
            .complete(id, &self.token, self.fence, answer, *ttl);
        engine.within_timeout("complete", complete).await
    }

    /// The record is finished, or another's: nothing is left to give back.
    pub(super) fn finish(mut self) {
        self.finished = true;
    }

    /// Gives the record back, so that a retry that follows the answer at once
    /// finds it free.
    pub(crate) async fn release(self, reason: Release) {
        if let Late::Back(pending) = self.attempt.take_late() {
            // What is not committed is gone all the same.
            let _ = pending.roll_back().await;
        }
        let engine = self.engine();
        let release = engine.store.release(&self.call.id, &self.token, reason);
        if engine.within_timeout("release", release).await.is_ok() {
            engine.telemetry.released(&self.call, reason);
        } else {
            self.give_back(reason);
        }
        self.finish();
    }

    /// Gives the record back after a panic of its body.
    #[cfg(feature = "axum")]
    pub(crate) async fn panicked(self) {
        self.engine().telemetry.body_panicked(&self.call);
        self.release(Release::Interrupted).await;
    }

    /// Gives the record back, at once where the store can, else in the
    /// background and still in flight.
    fn give_back(&self, reason: Release) {
        let store = &self.engine().store;
        let release = store.release(&self.call.id, &self.token, reason);
        if let Ok(Ok(_)) = release.into_ready() {
            return;
        }
        // Without a runtime the lease runs out instead.
        if let Ok(runtime) = Handle::try_current() {
            let (place, token) = (self.place.another(), self.token);
            let (id, lease) = (self.call.id, self.call.lease);
            runtime.spawn(async move {
                place.engine().give_back(&id, &token, lease, reason).await;
            });
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.end_beat();
        self.engine().telemetry.lease_used(&self.call, self.gap);
        if !self.finished {
            // A transaction of its body is rolled back with it.
            drop(self.attempt.take_late());
            self.engine().telemetry.interrupted(&self.call);
            self.give_back(Release::Interrupted);
        }
    }
}
