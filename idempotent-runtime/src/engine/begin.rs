//! From a call to a run, a replay, or an error with nothing run.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::doubt::Doubt;
use super::flight::Place;
use super::run::Won;
use super::waiters::Member;
use super::{Call, Engine, Run};
use crate::answer::AnswerKind;
use crate::error::{Error, RETRY_SOON};
use crate::lease::Token;
use crate::outcome::{ClaimOutcome, Done, Running};
use crate::policy::OnConflict;
use crate::store::{Claim, StoreError};
use crate::telemetry::events;

/// What a call may do.
pub(crate) enum Begin {
    /// Run the body: this is the one attempt.
    Run(Run),
    /// Give the stored answer.
    Replay(Done),
}

/// What one claim said.
enum Step {
    Claimed(Won),
    Done(Done),
    Busy(Running),
}

impl Engine {
    /// Claims the call's record, waiting for a running attempt where the
    /// operation says so.
    pub(crate) async fn begin(self: &Arc<Self>, mut call: Call) -> Result<Begin, Error> {
        call.trace = self.settings.trace(call.trace);
        let step = match call.on_conflict {
            OnConflict::Wait(at_most) => self.step_after(&call, at_most).await?,
            OnConflict::Reject => self.step(&call).await?,
        };
        match step {
            Step::Claimed(won) => {
                let run = Run::new(call, won);
                run.unless_interrupted().await.map(Begin::Run)
            }
            Step::Done(done) => match done.answer.kind() {
                // A later version's answer is as good as none.
                Some(AnswerKind::Tombstone) | None => Err(Error::NotReplayable),
                Some(_) => {
                    self.settings.replays(&call, &done);
                    Ok(Begin::Replay(done))
                }
            },
            Step::Busy(running) => {
                events::conflict(&call);
                // As long as the first has run already, it may run again;
                // never past its lease.
                let retry_after = running.age.min(running.remaining).max(RETRY_SOON);
                Err(Error::InFlight { retry_after })
            }
        }
    }

    /// Waits with the other duplicates of this process: one of them at a time
    /// asks the store, and what it learns serves them all.
    async fn step_after(self: &Arc<Self>, call: &Call, at_most: Duration) -> Result<Step, Error> {
        let began = Instant::now();
        let group = self.waiters.join(call.id, call.fingerprint)?;
        let step = self.step_in(&group, call, began + at_most).await;
        if group.waits() {
            self.telemetry.waited(call, began.elapsed());
        }
        step
    }

    async fn step_in(
        self: &Arc<Self>,
        group: &Member<'_>,
        call: &Call,
        deadline: Instant,
    ) -> Result<Step, Error> {
        let Some(_turn) = group.turn(deadline).await else {
            let retry_after = RETRY_SOON;
            return match group.seen() {
                Some(running) => Ok(Step::Busy(running)),
                None => Err(Error::InFlight { retry_after }),
            };
        };
        loop {
            if let Some(done) = group.answer() {
                return Ok(Step::Done(done));
            }
            let step = self.step(call).await?;
            if let Step::Done(done) = &step {
                group.share(done.clone());
            }
            let left = deadline.saturating_duration_since(Instant::now());
            let Step::Busy(running) = step else {
                return Ok(step);
            };
            if left.is_zero() {
                return Ok(Step::Busy(running));
            }
            group.wait_for(running)?;
            self.wait(&call.id, left).await?;
        }
    }

    /// One claim, and what it means for the call.
    async fn step(self: &Arc<Self>, call: &Call) -> Result<Step, Error> {
        let place = Place::take(self)?;
        let token = mint()?;
        let doubt = Doubt {
            engine: self,
            call,
            token,
        };
        let sent = Instant::now();
        let outcome = self.claim(&call.claim(&self.settings, token)).await;
        if !matches!(outcome, Err(StoreError::Unavailable { .. })) {
            doubt.resolve();
        }
        match outcome? {
            ClaimOutcome::Claimed(claimed) => Ok(Step::Claimed(Won {
                place,
                token,
                claimed,
                sent,
            })),
            ClaimOutcome::Running(running) if running.fingerprint == call.fingerprint => {
                Ok(Step::Busy(running))
            }
            ClaimOutcome::Done(done) if done.fingerprint == call.fingerprint => {
                Ok(Step::Done(done))
            }
            ClaimOutcome::Running(_) | ClaimOutcome::Done(_) => {
                events::key_reused(call);
                Err(Error::KeyReused)
            }
        }
    }

    /// A claim whose acknowledgement was lost is sent once more with the same
    /// token (invariant 5); without an answer nothing runs (invariant 8).
    pub(super) async fn claim(
        self: &Arc<Self>,
        claim: &Claim<'_>,
    ) -> Result<ClaimOutcome, StoreError> {
        let first = self.within_timeout("claim", self.store.claim(claim)).await;
        if !matches!(first, Err(StoreError::Unavailable { .. })) {
            return first;
        }
        self.within_timeout("claim", self.store.claim(claim)).await
    }
}

/// A fresh token, or nothing runs.
pub(crate) fn mint() -> Result<Token, Error> {
    Token::mint().ok_or_else(|| {
        let source = StoreError::unavailable("claim", "the system gave no randomness for a token");
        Error::Unavailable {
            retry_after: RETRY_SOON,
            source,
        }
    })
}
