//! What a call has in the caller's transaction: its claim, and then its answer.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::{Early, Writes};
use crate::answer::{Answer, AnswerKind};
use crate::engine::{Call, FlightPlace, failed, mint};
use crate::error::{Error, RETRY_SOON};
use crate::lease::{Fence, Token};
use crate::outcome::{ClaimOutcome, Claimed, Ownership};
use crate::policy::{OnConflict, PersistRule, Spec};
use crate::store::transaction::{ClaimedWithin, Statement, Whose};
use crate::store::{Records, StoreError, Transaction};
use crate::telemetry::events;
use crate::transactional::Transactional;

/// The first pause between two looks at a claim elsewhere, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(10), Duration::from_millis(250));

pub(super) struct Seat {
    pub(super) call: Call,
    pub(super) place: FlightPlace,
    token: Token,
    fence: Fence,
    records: Arc<dyn Records>,
    /// Before the body's writes, where an error may be final and undoes them.
    savepoint: Option<String>,
}

impl Seat {
    pub(super) async fn take<Tx: Transaction>(
        spec: &'static Spec,
        transactional: &Transactional<Tx::Store>,
        mut call: Call,
        transaction: &mut Tx,
    ) -> Result<Self, Early> {
        let engine = transactional.engine();
        call.trace = engine.settings.trace(call.trace);
        let place = FlightPlace::take(engine).map_err(Early::Refused)?;
        let token = mint().map_err(Early::Refused)?;
        let claimed = claim(transactional, &call, token, transaction).await?;
        let (fence, secret) = (claimed.fence, engine.settings.secret.clone());
        call.attempt.start(call.id, claimed, secret, None);
        engine.telemetry.claimed(&call, &call.attempt);
        let errors_may_be_final = matches!(spec.persist, PersistRule::All | PersistRule::Custom);
        let savepoint = errors_may_be_final.then(savepoint);
        if let Some(name) = &savepoint {
            let set = transaction.row(Statement::new("claim", format!("SAVEPOINT {name}")));
            let set = engine.within_timeout("claim", set).await;
            set.map_err(|error| Early::Refused(failed(error)))?;
        }
        Ok(Self {
            call,
            place,
            token,
            fence,
            records: Arc::clone(&transactional.records),
            savepoint,
        })
    }

    pub(super) async fn write<Tx: Transaction>(
        &self,
        transaction: &mut Tx,
        answer: &Answer,
        writes: Writes,
    ) -> Result<Ownership, StoreError> {
        let engine = self.place.engine();
        if let Some(name) = self.savepoint.as_ref().filter(|_| writes == Writes::Undo) {
            let undo = Statement::new("undo", format!("ROLLBACK TO SAVEPOINT {name}"));
            engine.within_timeout("undo", transaction.row(undo)).await?;
        }
        let claim = self.call.claim(&engine.settings, self.token);
        let record = self
            .records
            .record_within(transaction, &claim, self.fence, answer);
        engine.within_timeout("complete", record).await
    }

    pub(super) fn limit(&self) -> usize {
        self.place.engine().settings.max_answer_bytes
    }
}

/// One name for each call: the body may call others in the same transaction, and
/// must not be undone only to where one of these began.
fn savepoint() -> String {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    format!("idempotent_call_{}", CALLS.fetch_add(1, Relaxed))
}

/// The claim, waiting for another transaction's where the operation says so.
async fn claim<Tx: Transaction>(
    transactional: &Transactional<Tx::Store>,
    call: &Call,
    token: Token,
    transaction: &mut Tx,
) -> Result<Claimed, Early> {
    let engine = transactional.engine();
    let until = match call.on_conflict {
        OnConflict::Wait(at_most) => Instant::now() + at_most,
        OnConflict::Reject => Instant::now(),
    };
    let mut pause = PAUSES.0;
    loop {
        let claim = call.claim(&engine.settings, token);
        let asked = transactional
            .records
            .claim_within(transaction, &claim, Whose::Callers);
        let asked = engine.within_timeout("claim", asked).await;
        let mut retry_after = RETRY_SOON;
        match asked.map_err(|error| Early::Refused(failed(error)))? {
            ClaimedWithin::Outcome(ClaimOutcome::Claimed(claimed)) => return Ok(claimed),
            ClaimedWithin::Outcome(ClaimOutcome::Done(done))
                if done.fingerprint == call.fingerprint =>
            {
                engine.settings.replays(call, &done);
                return Err(match done.answer.kind() {
                    Some(AnswerKind::Tombstone) | None => Early::Refused(Error::NotReplayable),
                    Some(_) => Early::Replay(done),
                });
            }
            ClaimedWithin::Outcome(ClaimOutcome::Running(running))
                if running.fingerprint == call.fingerprint =>
            {
                retry_after = running.age.min(running.remaining).max(RETRY_SOON);
            }
            ClaimedWithin::Outcome(_) => {
                events::key_reused(call);
                return Err(Early::Refused(Error::KeyReused));
            }
            ClaimedWithin::Busy => {}
        }
        if Instant::now() >= until {
            events::conflict(call);
            return Err(Early::Refused(Error::InFlight { retry_after }));
        }
        sleep_until((Instant::now() + pause).min(until)).await;
        pause = (pause * 2).min(PAUSES.1);
    }
}
