//! From a call to a run, a replay, or an error with nothing run.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::Instant;

use super::{Call, Engine, Run};
use crate::answer::AnswerKind;
use crate::error::{Error, RETRY_SOON};
use crate::lease::Token;
use crate::outcome::{ClaimOutcome, Done, Previous, Release, Running};
use crate::policy::{OnConflict, OnInterrupt};
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
pub(super) enum Step {
    Begin(Begin),
    Busy(Running),
}

impl Engine {
    /// Claims the call's record, waiting for a running attempt where the
    /// operation says so.
    pub(crate) async fn begin(self: &Arc<Self>, call: &Arc<Call>) -> Result<Begin, Error> {
        let begin = match call.on_conflict {
            OnConflict::Wait(at_most) => self.begin_after(call, at_most).await?,
            OnConflict::Reject => match self.step(call).await? {
                Step::Begin(begin) => begin,
                Step::Busy(running) => return Err(in_flight(call, &running)),
            },
        };
        if let Begin::Replay(done) = &begin {
            telemetry::replayed(call, done);
        }
        Ok(begin)
    }

    /// Waits with the other duplicates of this process: one of them at a time
    /// asks the store, and what it learns serves them all.
    async fn begin_after(
        self: &Arc<Self>,
        call: &Arc<Call>,
        at_most: Duration,
    ) -> Result<Begin, Error> {
        let deadline = Instant::now() + at_most;
        let group = self.waiters.join(call.id, call.fingerprint)?;
        let Some(_turn) = group.turn(deadline).await else {
            return Err(Error::InFlight {
                retry_after: RETRY_SOON,
            });
        };
        loop {
            if let Some(done) = group.answer() {
                return Ok(Begin::Replay(done));
            }
            let running = match self.step(call).await? {
                Step::Begin(Begin::Replay(done)) => {
                    group.share(done.clone());
                    return Ok(Begin::Replay(done));
                }
                Step::Begin(run) => return Ok(run),
                Step::Busy(running) => running,
            };
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(in_flight(call, &running));
            }
            self.store.wait(&call.id, left).await?;
        }
    }

    /// One claim, and what it means for the call.
    pub(super) async fn step(self: &Arc<Self>, call: &Arc<Call>) -> Result<Step, Error> {
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
                place.keep();
                let run = Run::new(self, call, token, claimed);
                let unfinished = matches!(
                    claimed.previous,
                    Previous::Interrupted | Previous::TakenOver
                );
                if unfinished && call.on_interrupt == OnInterrupt::Reject {
                    run.release(Release::Interrupted).await;
                    return Err(Error::OutcomeUnknown);
                }
                telemetry::claimed(call, &claimed);
                Ok(Step::Begin(Begin::Run(run)))
            }
            ClaimOutcome::Running(running) if running.fingerprint == call.fingerprint => {
                Ok(Step::Busy(running))
            }
            ClaimOutcome::Done(done) if done.fingerprint == call.fingerprint => {
                match done.answer.kind() {
                    // A later version's answer is as good as none.
                    Some(AnswerKind::Tombstone) | None => Err(Error::NotReplayable),
                    Some(_) => Ok(Step::Begin(Begin::Replay(done))),
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

/// As long as the first has run already, it may run again; never past its lease.
fn in_flight(call: &Call, running: &Running) -> Error {
    telemetry::conflict(call);
    let retry_after = running.age.min(running.remaining).max(RETRY_SOON);
    Error::InFlight { retry_after }
}
