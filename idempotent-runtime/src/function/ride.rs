//! Function mode with `transaction = tx`: claim and answer ride in the caller's
//! own transaction, which the caller commits. Nothing is written before the end,
//! so that an error that is not final leaves nothing of ours.

mod seat;

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tracing::{Instrument, Span};

use self::seat::Seat;
use super::{Output, Writes, call, encode, final_value, replay_either};
use crate::answer::{Answer, AnswerKind};
use crate::arguments::Arguments;
use crate::attempt::CURRENT;
use crate::engine::failed;
use crate::error::Error;
use crate::outcome::{Done, Ownership};
use crate::policy::{Persist, Spec};
use crate::store::{StoreError, Transaction};
use crate::telemetry::{Watch, events};
use crate::transactional::Transactional;

/// A claim that rides in the caller's transaction.
pub struct Riding {
    seat: Seat,
    watch: Watch,
    span: Span,
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
            let ride = Seat::take(spec, transactional, call, transaction);
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

impl Riding {
    /// The body, which sees its attempt.
    pub async fn run<F: Future>(&mut self, body: F) -> F::Output {
        let attempt = &self.seat.call.attempt;
        self.watch.body_starts_in_transaction(attempt);
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
        let telemetry = &seat.place.engine().telemetry;
        telemetry.rolled_back(&seat.call, &error);
        let error = failed(error);
        watch.refused(&error);
        refused(error)
    }
}
