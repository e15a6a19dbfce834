//! From a body's final answer to a finished record. What ran is never
//! forgotten (invariant 9), and a paused attempt never wins (invariant 10).

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::begin::mint;
use super::run::Run;
use crate::answer::{Answer, Tombstone};
use crate::outcome::{ClaimOutcome, Completion, Done, Winner};
use crate::store::StoreError;
use crate::telemetry;

/// What the caller of a finished body gets.
pub(crate) enum Finished {
    /// The body's own answer: it is stored, or will be.
    Own,
    /// Another attempt's: this one was paused, and lost.
    Replaced(Done),
    /// Another attempt took over, and has no answer yet.
    Superseded,
}

/// The first pause before a completion is sent again, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(5));

impl Run {
    /// Stores the answer. When the store does not answer, the caller gets its
    /// answer all the same, and the completion is sent again under a live
    /// lease until it is stored.
    pub(crate) async fn complete(self, answer: Answer) -> Finished {
        match self.try_complete(&answer).await {
            Ok(Completion::Stored) => {
                telemetry::executed(&self.call, &answer);
                self.finish();
                Finished::Own
            }
            Ok(Completion::Lost(winner)) => self.give_way(answer, winner).await,
            Err(error) => {
                // In an async body: there is a runtime.
                tokio::spawn(self.complete_later(answer, error));
                Finished::Own
            }
        }
    }

    async fn complete_later(self, mut answer: Answer, mut error: StoreError) {
        let started = Instant::now();
        let mut pause = PAUSES.0;
        while started.elapsed() < self.call.ttl.duration() {
            if !matches!(error, StoreError::Unavailable { .. }) {
                // It answers, and does not take this answer: keep the fact.
                answer = Answer::tombstone(Tombstone::TooLarge);
            }
            sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
            error = match self.try_complete(&answer).await {
                Ok(Completion::Stored) => break,
                Ok(Completion::Lost(winner)) => {
                    // The caller has its answer; this is for the record alone.
                    self.give_way(answer, winner).await;
                    return;
                }
                Err(error) => error,
            };
        }
        self.finish();
    }

    /// The record is another's by now. If nobody holds it, this attempt's
    /// answer is claimed a place again; else the caller gets the winner's.
    async fn give_way(self, answer: Answer, winner: Winner) -> Finished {
        telemetry::stale(&self.call, self.attempt(), winner);
        let finished = self.winner(&answer).await;
        self.finish();
        finished
    }

    async fn winner(&self, answer: &Answer) -> Finished {
        let (engine, call) = (&self.engine, &self.call);
        let deadline = Instant::now() + call.lease.duration();
        loop {
            let Ok(token) = mint() else {
                return Finished::Superseded;
            };
            match engine.claim(&call.claim(&engine.settings, token)).await {
                Ok(ClaimOutcome::Claimed(claimed)) => {
                    let complete =
                        engine
                            .store
                            .complete(&call.id, &token, claimed.fence, answer, call.ttl);
                    match engine.within_timeout("complete", complete).await {
                        Ok(Completion::Lost(_)) => {}
                        // Without an answer the new lease runs out.
                        Ok(Completion::Stored) | Err(_) => return Finished::Own,
                    }
                }
                Ok(ClaimOutcome::Done(done)) if done.fingerprint == call.fingerprint => {
                    return Finished::Replaced(done);
                }
                Ok(ClaimOutcome::Running(running)) if running.fingerprint == call.fingerprint => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() || engine.store.wait(&call.id, left).await.is_err() {
                        return Finished::Superseded;
                    }
                }
                // The key serves another request by now: this one's answer
                // has no place, and no other answer is its caller's.
                Ok(ClaimOutcome::Done(_) | ClaimOutcome::Running(_)) | Err(_) => {
                    return Finished::Own;
                }
            }
        }
    }
}
