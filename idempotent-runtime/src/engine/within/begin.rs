//! From a call to an open transaction that has claimed its record, a replay, or
//! an error with nothing run.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::Within;
use super::listing::{Entry, Learned, Other, Phase};
use crate::answer::AnswerKind;
use crate::engine::waiters::Member;
use crate::engine::{Call, Engine, Opened};
use crate::error::{Error, RETRY_SOON};
use crate::outcome::{Done, Running};
use crate::policy::OnConflict;
use crate::store::{StoreError, TransactionalStore};
use crate::telemetry::events;
use crate::transactional::Transactional;

/// What a call may do.
#[allow(clippy::large_enum_variant)] // one of each call, moved twice
pub(crate) enum BeginWithin<St: TransactionalStore> {
    /// Run the body in this transaction.
    Run(Within, Opened<St>),
    /// Give the stored answer.
    Replay(Done),
}

/// What one look said.
#[allow(clippy::large_enum_variant)] // one of each call, moved twice
pub(super) enum Step<St: TransactionalStore> {
    Claimed(Within, Opened<St>),
    Done(Done),
    /// It runs here (then its end can be waited for), or elsewhere.
    Busy(Running, Option<Other>),
}

/// The first pause between two looks at what another process runs, and the
/// longest: each is a short transaction.
const PAUSES: (Duration, Duration) = (Duration::from_millis(10), Duration::from_millis(250));

impl Engine {
    /// Opens a transaction and claims the call's record in it, waiting for an
    /// attempt that runs where the operation says so.
    pub(crate) async fn begin_within<St: TransactionalStore>(
        self: &Arc<Self>,
        transactional: &Transactional<St>,
        mut call: Call,
    ) -> Result<BeginWithin<St>, Error> {
        call.trace = self.settings.trace(call.trace);
        let step = match call.on_conflict {
            OnConflict::Wait(at_most) => self.look_after(transactional, &call, at_most).await?,
            OnConflict::Reject => self.look(transactional, &call).await?,
        };
        match step {
            Step::Claimed(within, opened) => Ok(BeginWithin::Run(within, opened)),
            Step::Done(done) => match done.answer.kind() {
                // A later version's answer is as good as none.
                Some(AnswerKind::Tombstone) | None => Err(Error::NotReplayable),
                Some(_) => {
                    self.settings.replays(&call, &done);
                    Ok(BeginWithin::Replay(done))
                }
            },
            Step::Busy(running, _) => {
                events::conflict(&call);
                let retry_after = running.age.min(running.remaining).max(RETRY_SOON);
                Err(Error::InFlight { retry_after })
            }
        }
    }

    /// Waits with the other duplicates of this process: one of them at a time
    /// looks, and what it learns serves them all.
    async fn look_after<St: TransactionalStore>(
        self: &Arc<Self>,
        transactional: &Transactional<St>,
        call: &Call,
        at_most: Duration,
    ) -> Result<Step<St>, Error> {
        let began = Instant::now();
        let group = self.waiters.join(call.id, call.fingerprint)?;
        let step = self
            .look_in(&group, transactional, call, began + at_most)
            .await;
        if group.waits() {
            self.telemetry.waited(call, began.elapsed());
        }
        step
    }

    async fn look_in<St: TransactionalStore>(
        self: &Arc<Self>,
        group: &Member<'_>,
        transactional: &Transactional<St>,
        call: &Call,
        deadline: Instant,
    ) -> Result<Step<St>, Error> {
        let Some(_turn) = group.turn(deadline).await else {
            let retry_after = RETRY_SOON;
            return match group.seen() {
                Some(running) => Ok(Step::Busy(running, None)),
                None => Err(Error::InFlight { retry_after }),
            };
        };
        let mut pause = PAUSES.0;
        loop {
            if let Some(done) = group.answer() {
                return Ok(Step::Done(done));
            }
            let step = self.look(transactional, call).await?;
            if let Step::Done(done) = &step {
                group.share(done.clone());
            }
            let Step::Busy(running, other) = step else {
                return Ok(step);
            };
            if Instant::now() >= deadline {
                return Ok(Step::Busy(running, other));
            }
            group.wait_for(running)?;
            if let Some(mut other) = other {
                if let Some(done) = other.answer(call, deadline).await {
                    group.share(done.clone());
                    return Ok(Step::Done(done));
                }
            } else {
                sleep_until((Instant::now() + pause).min(deadline)).await;
                pause = (pause * 2).min(PAUSES.1);
            }
        }
    }

    /// Looks at what runs here, and else in the database.
    async fn look<St: TransactionalStore>(
        self: &Arc<Self>,
        transactional: &Transactional<St>,
        call: &Call,
    ) -> Result<Step<St>, Error> {
        let deadline = Instant::now() + self.settings.store_timeout;
        loop {
            let mut other = match Entry::take(self, call) {
                Ok(entry) => return self.ask(transactional, call, entry).await,
                Err(other) => other,
            };
            match other.asked(deadline).await {
                Phase::Running { fingerprint, since } => {
                    if fingerprint != call.fingerprint {
                        return Err(reused(call));
                    }
                    let lease = call.lease.duration();
                    let running = Running::new(fingerprint, since.elapsed(), lease);
                    return Ok(Step::Busy(running, Some(other)));
                }
                Phase::Over(Learned::Done(done)) if done.fingerprint == call.fingerprint => {
                    return Ok(Step::Done(done));
                }
                Phase::Over(Learned::Done(_)) => return Err(reused(call)),
                Phase::Over(Learned::Elsewhere(running)) => return Ok(Step::Busy(running, None)),
                // It ended without a word: the record may be had.
                Phase::Over(Learned::Nothing) => {}
                Phase::Over(Learned::Unavailable) | Phase::Asking => {
                    let why = "a call that asked before got no answer";
                    return Err(StoreError::unavailable("claim", why).into());
                }
            }
        }
    }
}

pub(super) fn reused(call: &Call) -> Error {
    events::key_reused(call);
    Error::KeyReused
}
