//! From a call to a run, a replay, or an error with nothing run.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::Instant;

use super::{Call, Engine, Run};
use crate::answer::AnswerKind;
use crate::error::{Error, RETRY_SOON};
use crate::lease::Token;
use crate::outcome::{ClaimOutcome, Claimed, Done, Release, Running};
use crate::policy::OnConflict;
use crate::record::RecordId;
use crate::store::{Claim, StoreError};
use crate::telemetry;

/// What a call may do.
pub(crate) enum Begin {
    /// Run the body: this is the one attempt.
    Run(Run),
    /// Give the stored answer.
    Replay(Done),
}

/// What one claim said.
enum Step {
    Claimed(Token, Claimed),
    Replay(Done),
    Busy(Running),
}

impl Engine {
    /// Claims the call's record, waiting for a running attempt where the
    /// operation says so.
    pub(crate) async fn begin(self: &Arc<Self>, call: Call) -> Result<Begin, Error> {
        let step = match call.on_conflict {
            OnConflict::Wait(at_most) => self.step_after(&call, at_most).await?,
            OnConflict::Reject => self.step(&call).await?,
        };
        match step {
            Step::Claimed(token, claimed) => {
                let run = Run::new(self, call, token, claimed);
                run.unless_interrupted(&claimed).await.map(Begin::Run)
            }
            Step::Replay(done) => {
                telemetry::replayed(&call, &done);
                Ok(Begin::Replay(done))
            }
            Step::Busy(running) => {
                telemetry::conflict(&call);
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
        let deadline = Instant::now() + at_most;
        let group = self.waiters.join(call.id, call.fingerprint)?;
        let Some(_turn) = group.turn(deadline).await else {
            return Err(Error::InFlight {
                retry_after: RETRY_SOON,
            });
        };
        loop {
            if let Some(done) = group.answer() {
                return Ok(Step::Replay(done));
            }
            let step = self.step(call).await?;
            if let Step::Replay(done) = &step {
                group.share(done.clone());
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if !matches!(step, Step::Busy(_)) || left.is_zero() {
                return Ok(step);
            }
            self.store.wait(&call.id, left).await?;
        }
    }

    /// One claim, and what it means for the call.
    async fn step(self: &Arc<Self>, call: &Call) -> Result<Step, Error> {
        let place = self.flight.enter()?;
        let token = mint()?;
        let doubt = Doubt {
            engine: self,
            id: call.id,
            token,
        };
        let outcome = self.claim(&call.claim(&self.settings, token)).await;
        if !matches!(outcome, Err(StoreError::Unavailable { .. })) {
            doubt.resolve();
        }
        match outcome? {
            ClaimOutcome::Claimed(claimed) => {
                // The run gives it back at its end.
                place.keep();
                Ok(Step::Claimed(token, claimed))
            }
            ClaimOutcome::Running(running) if running.fingerprint == call.fingerprint => {
                Ok(Step::Busy(running))
            }
            ClaimOutcome::Done(done) if done.fingerprint == call.fingerprint => {
                match done.answer.kind() {
                    // A later version's answer is as good as none.
                    Some(AnswerKind::Tombstone) | None => Err(Error::NotReplayable),
                    Some(_) => Ok(Step::Replay(done)),
                }
            }
            ClaimOutcome::Running(_) | ClaimOutcome::Done(_) => {
                telemetry::key_reused(call);
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

/// A claim whose outcome is not known: its caller left, or the store did not
/// answer. Nothing runs under it, so it is released, and a retry need not
/// wait for a lease that nobody holds.
struct Doubt<'a> {
    engine: &'a Arc<Engine>,
    id: RecordId,
    token: Token,
}

impl Doubt<'_> {
    fn resolve(self) {
        std::mem::forget(self);
    }
}

impl Drop for Doubt<'_> {
    fn drop(&mut self) {
        let (engine, id, token) = (Arc::clone(self.engine), self.id, self.token);
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                let release = engine.store.release(&id, &token, Release::Retry);
                // If this gets no answer either, the lease runs out.
                let _ = engine.within_timeout("release", release).await;
            });
        }
    }
}

/// A fresh token, or nothing runs.
pub(super) fn mint() -> Result<Token, Error> {
    Token::mint().ok_or_else(|| {
        let source = StoreError::unavailable("claim", "the system gave no randomness for a token");
        Error::Unavailable {
            retry_after: RETRY_SOON,
            source,
        }
    })
}
