//! From a body's final answer to a finished record. What ran is never
//! forgotten (invariant 9), and a paused attempt never wins (invariant 10).

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::begin::mint;
use super::run::Run;
use crate::answer::{Answer, Tombstone};
use crate::error::Error;
use crate::outcome::{ClaimOutcome, Completion, Done, Winner};
use crate::store::StoreError;

/// What the caller of a finished body gets.
pub(crate) enum Finished {
    /// The body's own answer: it is stored, or will be.
    Own,
    /// Another attempt's: this one was paused, and lost.
    Replaced(Done),
    /// Another attempt took over, and has no answer yet.
    Superseded,
    /// The body's transaction was rolled back, or nobody knows yet.
    Failed(Error),
}

/// The store did not answer before the record was finished.
pub(super) struct Unsettled {
    /// Whether another attempt was seen to have taken over.
    superseded: bool,
}

/// The first pause before a completion is sent again, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(5));

impl Run {
    /// Stores the answer. When the store does not answer, the caller gets its
    /// answer all the same, and the completion is sent again under a live
    /// lease until it is stored.
    pub(crate) async fn complete(mut self, mut answer: Answer) -> Finished {
        self.attempt().end();
        match self.settle(&mut answer).await {
            Ok(finished) => {
                self.finish();
                finished
            }
            Err(Unsettled { superseded }) => {
                // In an async body: there is a runtime.
                tokio::spawn(self.complete_later(answer));
                if superseded {
                    Finished::Superseded
                } else {
                    Finished::Own
                }
            }
        }
    }

    async fn complete_later(mut self, mut answer: Answer) {
        let started = Instant::now();
        let mut pause = PAUSES.0;
        while started.elapsed() < self.call.ttl.duration() {
            sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
            // The caller has its answer; this is for the record alone.
            if self.settle(&mut answer).await.is_ok() {
                break;
            }
        }
        self.finish();
    }

    /// Completes the record. If it is lost and nobody holds it, it is claimed
    /// again for this answer: else what ran would be forgotten.
    async fn settle(&mut self, answer: &mut Answer) -> Result<Finished, Unsettled> {
        let until = Instant::now() + self.call.lease.duration();
        let mut superseded = false;
        loop {
            match self.try_complete(answer).await {
                Ok(Completion::Stored) => {
                    self.engine().telemetry.executed(&self.call, answer);
                    return Ok(Finished::Own);
                }
                Ok(Completion::Lost(winner)) => {
                    self.learn_that_it_is_stale(winner);
                    superseded |= winner != Winner::None;
                }
                Err(error) => {
                    if !matches!(error, StoreError::Unavailable { .. }) {
                        // It answers, and does not take this answer: keep the fact.
                        *answer = Answer::tombstone(Tombstone::TooLarge);
                    }
                    return Err(Unsettled { superseded });
                }
            }
            if let Some(finished) = self.reclaim(until, &mut superseded).await? {
                if let Finished::Replaced(winner) = &finished {
                    let (telemetry, fence) = (&self.engine().telemetry, self.attempt().fence());
                    telemetry.duplicate(&self.call, fence, answer, winner);
                }
                return Ok(finished);
            }
        }
    }

    fn learn_that_it_is_stale(&mut self, winner: Winner) {
        if !std::mem::replace(&mut self.stale, true) {
            let engine = self.engine();
            engine.telemetry.stale(&self.call, self.attempt(), winner);
        }
    }

    /// Takes the record for this answer; or says what the caller gets instead.
    pub(super) async fn reclaim(
        &mut self,
        until: Instant,
        superseded: &mut bool,
    ) -> Result<Option<Finished>, Unsettled> {
        loop {
            let unsettled = |superseded: &bool| Unsettled {
                superseded: *superseded,
            };
            let token = mint().map_err(|_| unsettled(superseded))?;
            let (engine, call, sent) = (self.engine(), &self.call, Instant::now());
            let outcome = engine.claim(&call.claim(&engine.settings, token)).await;
            match outcome.map_err(|_| unsettled(superseded))? {
                ClaimOutcome::Claimed(claimed) => {
                    self.hold(token, claimed.fence, sent);
                    return Ok(None);
                }
                ClaimOutcome::Done(done) if done.fingerprint == call.fingerprint => {
                    return Ok(Some(Finished::Replaced(done)));
                }
                ClaimOutcome::Running(running) if running.fingerprint == call.fingerprint => {
                    *superseded = true;
                    let left = until.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        // Its caller waits no longer; its answer does, until
                        // the other attempt has one or is gone.
                        return Err(unsettled(superseded));
                    }
                    if engine.wait(&call.id, left).await.is_err() {
                        return Err(unsettled(superseded));
                    }
                }
                // The key serves another request by now: this one's answer
                // has no place, and no other answer is its caller's.
                ClaimOutcome::Done(_) | ClaimOutcome::Running(_) => {
                    return Ok(Some(Finished::Own));
                }
            }
        }
    }
}
