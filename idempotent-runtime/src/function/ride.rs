//! Function mode with `transaction = tx`: claim and answer ride in the caller's
//! own transaction, which the caller commits. Nothing is written before the end,
//! so that an error that is not final leaves nothing of ours.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, sleep_until};
use tracing::{Instrument, Span};

use super::{Output, Writes, call, encode, final_value, replay_either};
use crate::answer::{Answer, AnswerKind};
use crate::arguments::Arguments;
use crate::attempt::CURRENT;
use crate::engine::{Call, FlightPlace, failed, mint};
use crate::error::{Error, RETRY_SOON};
use crate::lease::{Fence, Token};
use crate::outcome::{ClaimOutcome, Claimed, Done, Ownership};
use crate::policy::{OnConflict, Persist, PersistRule, Spec};
use crate::store::transaction::{ClaimedWithin, Statement, Whose};
use crate::store::{Records, StoreError, Transaction};
use crate::telemetry::{Watch, events};
use crate::transactional::Transactional;

/// Before the body's writes, where an error may be final and undoes them. Apart
/// from the handlers' own, as a handler may call a function in its transaction.
const SAVEPOINT: &str = "idempotent_call";
/// The first pause between two looks at a claim elsewhere, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(10), Duration::from_millis(250));

/// A claim that rides in the caller's transaction.
pub struct Riding {
    seat: Seat,
    watch: Watch,
    span: Span,
}

struct Seat {
    call: Call,
    place: FlightPlace,
    token: Token,
    fence: Fence,
    records: Arc<dyn Records>,
    savepoint: bool,
}

impl fmt::Debug for Riding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Riding")
    }
}

/// A call whose body does not run.
#[derive(Debug)]
pub enum Early {
    /// It has its answer.
    Replay(Done),
    /// It gets none.
    Refused(Error),
}

impl Early {
    /// The function's output, where `Ok` alone is final.
    pub fn output<R: Output>(self) -> R {
        match self {
            Self::Replay(done) => R::replay(&done.answer).unwrap_or_else(R::refused),
            Self::Refused(error) => R::refused(error),
        }
    }

    /// The function's output, where errors may be final.
    pub fn output_persisting<T, E>(self) -> Result<T, E>
    where
        T: Serialize + DeserializeOwned,
        E: Serialize + DeserializeOwned + From<Error>,
    {
        match self {
            Self::Replay(done) => replay_either(&done.answer).unwrap_or_else(Output::refused),
            Self::Refused(error) => Output::refused(error),
        }
    }
}

/// Claims the call's record in the caller's transaction.
pub async fn ride<Tx: Transaction>(
    spec: &'static Spec,
    transactional: &Transactional<Tx::Store>,
    arguments: Arguments,
    transaction: &mut Tx,
) -> Result<Riding, Early> {
    let mut watch = Watch::new(&transactional.engine().telemetry, spec.name);
    let span = watch.span();
    let ridden = match call(spec, &transactional.idempotency(), arguments) {
        Ok(call) => {
            watch.identified(call.id);
            let ride = board(spec, transactional, call, transaction);
            ride.instrument(span.clone()).await
        }
        Err(error) => Err(Early::Refused(error)),
    };
    match ridden {
        Ok(seat) => Ok(Riding { seat, watch, span }),
        Err(early) => {
            match &early {
                Early::Replay(done) => watch.replayed(done),
                Early::Refused(error) => watch.refused(error),
            }
            Err(early)
        }
    }
}

async fn board<Tx: Transaction>(
    spec: &'static Spec,
    transactional: &Transactional<Tx::Store>,
    mut call: Call,
    transaction: &mut Tx,
) -> Result<Seat, Early> {
    let engine = transactional.engine();
    call.trace = engine.settings.trace(call.trace);
    let place = FlightPlace::take(engine).map_err(Early::Refused)?;
    let token = mint().map_err(Early::Refused)?;
    let claimed = claim(transactional, &call, token, transaction).await?;
    let (fence, secret) = (claimed.fence, engine.settings.secret.clone());
    call.attempt.start(call.id, claimed, secret, None);
    engine.telemetry.claimed(&call, &call.attempt);
    let seat = Seat {
        call,
        place,
        token,
        fence,
        records: Arc::clone(&transactional.records),
        savepoint: matches!(spec.persist, PersistRule::All | PersistRule::Custom),
    };
    seat.set_savepoint(transaction).await?;
    Ok(seat)
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

impl Riding {
    /// The body, which sees its attempt.
    pub async fn run<F: Future>(&mut self, body: F) -> F::Output {
        let attempt = &self.seat.call.attempt;
        self.watch.body_starts(attempt);
        let body = CURRENT.scope(attempt.clone(), body);
        let output = body.instrument(self.span.clone()).await;
        self.watch.body_ended();
        output
    }

    /// Writes the answer of a body whose `Ok` alone is final.
    pub async fn arrive<Tx: Transaction, R: Output>(self, transaction: &mut Tx, output: R) -> R {
        let answer = final_value(&output, self.seat.limit());
        self.end(transaction, output, answer, R::refused).await
    }

    /// Writes the answer of a body of which `classify` says whether it is final.
    pub async fn arrive_persisting<Tx: Transaction, T, E>(
        self,
        transaction: &mut Tx,
        output: Result<T, E>,
        classify: impl Fn(&Result<T, E>) -> Persist,
    ) -> Result<T, E>
    where
        T: Serialize + DeserializeOwned,
        E: Serialize + DeserializeOwned + From<Error>,
    {
        let limit = self.seat.limit();
        let answer = match (classify(&output), &output) {
            (Persist::No, _) => None,
            (Persist::Yes, Ok(value)) => {
                Some((encode(AnswerKind::Value, value, limit), Writes::Keep))
            }
            (Persist::Yes, Err(error)) => {
                Some((encode(AnswerKind::Error, error, limit), Writes::Undo))
            }
        };
        self.end(transaction, output, answer, Output::refused).await
    }

    async fn end<Tx: Transaction, R>(
        self,
        transaction: &mut Tx,
        output: R,
        answer: Option<(Answer, Writes)>,
        refused: impl Fn(Error) -> R,
    ) -> R {
        let Self { seat, watch, span } = self;
        let Some((answer, writes)) = answer else {
            watch.released();
            return output;
        };
        let write = seat.write(transaction, &answer, writes);
        let error = match write.instrument(span).await {
            Ok(Ownership::Held) => {
                events::executed(&seat.call, &answer);
                watch.executed();
                return output;
            }
            Ok(Ownership::Lost) => StoreError::Conflict { verb: "complete" },
            Err(error) => error,
        };
        seat.place
            .engine()
            .telemetry
            .rolled_back(&seat.call, &error);
        let error = failed(error);
        watch.refused(&error);
        refused(error)
    }
}

impl Seat {
    async fn write<Tx: Transaction>(
        &self,
        transaction: &mut Tx,
        answer: &Answer,
        writes: Writes,
    ) -> Result<Ownership, StoreError> {
        let engine = self.place.engine();
        if self.savepoint && writes == Writes::Undo {
            let sql = format!("ROLLBACK TO SAVEPOINT {SAVEPOINT}");
            transaction.row(Statement::new("undo", sql)).await?;
        }
        let claim = self.call.claim(&engine.settings, self.token);
        let record = self
            .records
            .record_within(transaction, &claim, self.fence, answer);
        let owned = engine.within_timeout("complete", record).await?;
        if self.savepoint {
            // Else a call around this one would come back to this one's.
            let sql = format!("RELEASE SAVEPOINT {SAVEPOINT}");
            transaction.row(Statement::new("undo", sql)).await?;
        }
        Ok(owned)
    }

    async fn set_savepoint<Tx: Transaction>(&self, transaction: &mut Tx) -> Result<(), Early> {
        if !self.savepoint {
            return Ok(());
        }
        let set = transaction.row(Statement::new("claim", format!("SAVEPOINT {SAVEPOINT}")));
        let set = self.place.engine().within_timeout("claim", set).await;
        set.map(drop).map_err(|error| Early::Refused(failed(error)))
    }

    fn limit(&self) -> usize {
        self.place.engine().settings.max_answer_bytes
    }
}
