//! Function mode: the engine round a plain async function's body, and the
//! codec of its values.

mod finite;
mod ride;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tracing::Instrument;

use self::finite::Finite;
pub use self::ride::{Early, Riding, ride};
use crate::answer::{Answer, AnswerKind, Tombstone};
use crate::arguments::Arguments;
use crate::attempt::CURRENT;
use crate::engine::{Begin, Call, ContinueOnDrop, Finished, Writes};
use crate::error::{Error, RETRY_SOON};
use crate::fingerprint::Fingerprint;
use crate::idempotency::Idempotency;
use crate::key::KeyError;
use crate::operations;
use crate::outcome::Release;
use crate::policy::{Persist, Spec};
use crate::telemetry::Watch;

/// What an idempotent function returns.
#[diagnostic::on_unimplemented(
    message = "an idempotent function cannot return `{Self}`",
    label = "not a `Result<T, E>` that can be stored and replayed",
    note = "return `Result<T, E>` with `T: Serialize + DeserializeOwned` and `E: From<idempotent_runtime::Error>`"
)]
pub trait Output: Sized {
    /// The answer that is stored for it; `None` for one that is not final.
    fn answer(&self, limit: usize) -> Option<Answer>;
    /// The output of a stored answer.
    fn replay(answer: &Answer) -> Result<Self, Error>;
    /// The output of a call that was not answered.
    fn refused(error: Error) -> Self;
}

impl<T, E> Output for Result<T, E>
where
    T: Serialize + DeserializeOwned,
    E: From<Error>,
{
    fn answer(&self, limit: usize) -> Option<Answer> {
        self.as_ref()
            .ok()
            .map(|value| encode(AnswerKind::Value, value, limit))
    }

    fn replay(answer: &Answer) -> Result<Self, Error> {
        match answer.kind() {
            Some(AnswerKind::Value) => decode(answer).map(Ok),
            _ => Err(Error::NotReplayable),
        }
    }

    fn refused(error: Error) -> Self {
        Err(error.into())
    }
}

/// Runs a function's body once, and answers every call: `Ok` is final, `Err`
/// releases the key.
pub async fn run_fn<R: Output>(
    spec: &'static Spec,
    idempotency: Idempotency,
    arguments: Arguments,
    body: impl Future<Output = R>,
) -> R {
    run(
        spec,
        idempotency,
        arguments,
        body,
        final_value,
        R::replay,
        R::refused,
    )
    .await
}

/// Runs a function's body once, and answers every call: `classify` says which
/// outputs are final, errors included.
pub async fn run_fn_persisting<T, E>(
    spec: &'static Spec,
    idempotency: Idempotency,
    arguments: Arguments,
    classify: impl Fn(&Result<T, E>) -> Persist,
    body: impl Future<Output = Result<T, E>>,
) -> Result<T, E>
where
    T: Serialize + DeserializeOwned,
    E: Serialize + DeserializeOwned + From<Error>,
{
    let answer = |output: &Result<T, E>, limit| match (classify(output), output) {
        (Persist::No, _) => None,
        (Persist::Yes, Ok(value)) => Some((encode(AnswerKind::Value, value, limit), Writes::Keep)),
        (Persist::Yes, Err(error)) => Some((encode(AnswerKind::Error, error, limit), Writes::Undo)),
    };
    run(
        spec,
        idempotency,
        arguments,
        body,
        answer,
        replay_either,
        Output::refused,
    )
    .await
}

async fn run<R>(
    spec: &'static Spec,
    idempotency: Idempotency,
    arguments: Arguments,
    body: impl Future<Output = R>,
    answer: impl Fn(&R, usize) -> Option<(Answer, Writes)>,
    replay: impl Fn(&Answer) -> Result<R, Error>,
    refused: impl Fn(Error) -> R,
) -> R {
    let mut watch = Watch::new(&idempotency.engine.telemetry, spec.name);
    let span = watch.span();
    let begun = match call(spec, &idempotency, arguments) {
        Ok(call) => {
            watch.identified(call.id);
            let begin = idempotency.engine.begin(call);
            begin.instrument(span.clone()).await
        }
        Err(error) => Err(error),
    };
    let done = match begun {
        Err(error) => {
            watch.refused(&error);
            return refused(error);
        }
        Ok(Begin::Replay(done)) => {
            watch.replayed(&done);
            done
        }
        Ok(Begin::Run(run)) => {
            watch.body_starts(run.attempt());
            let body = CURRENT.scope(run.attempt().clone(), body);
            let output = body.instrument(span.clone()).await;
            watch.body_ended();
            let reason = if run.attempt().is_unknown() {
                Release::Interrupted
            } else {
                Release::Retry
            };
            let limit = idempotency.engine.settings.max_answer_bytes;
            let is_final = reason == Release::Retry;
            let answer = is_final.then(|| answer(&output, limit)).flatten();
            // The body has ended: what follows does not stop with its caller.
            let finished = ContinueOnDrop::new(async move {
                let Some((answer, writes)) = answer else {
                    run.release(reason).await;
                    watch.released();
                    return Finished::Own;
                };
                let finished = run.conclude(answer, writes).await;
                watch.finished(&finished);
                finished
            });
            match finished.instrument(span).await {
                Finished::Own => return output,
                Finished::Replaced(done) => done,
                Finished::Failed(error) => return refused(error),
                Finished::Superseded => {
                    return refused(Error::InFlight {
                        retry_after: RETRY_SOON,
                    });
                }
            }
        }
    };
    replay(&done.answer).unwrap_or_else(refused)
}

/// The answer of an output whose `Ok` alone is final.
fn final_value<R: Output>(output: &R, limit: usize) -> Option<(Answer, Writes)> {
    Some((output.answer(limit)?, Writes::Keep))
}

/// The output of a stored answer, which may be an error's.
fn replay_either<T, E>(answer: &Answer) -> Result<Result<T, E>, Error>
where
    T: Serialize + DeserializeOwned,
    E: Serialize + DeserializeOwned + From<Error>,
{
    match answer.kind() {
        Some(AnswerKind::Error) => decode(answer).map(Err),
        _ => Output::replay(answer),
    }
}

fn call(spec: &Spec, idempotency: &Idempotency, arguments: Arguments) -> Result<Call, Error> {
    operations::check(spec)?;
    // The macro refuses a function without a key.
    let key = arguments.key.unwrap_or(Err(KeyError::Empty.into()))?;
    let fingerprint = arguments.fingerprint.unwrap_or(Ok(Fingerprint::none()))?;
    Call::new(
        &idempotency.engine.settings,
        spec,
        &arguments.scope?,
        &key,
        fingerprint,
    )
}

/// A value as JSON behind its kind, or the tombstone of one that is too large
/// or does not serialize: what ran is not forgotten for its answer's shape.
pub(crate) fn encode(kind: AnswerKind, value: &impl Serialize, limit: usize) -> Answer {
    let mut bytes = vec![kind as u8];
    match serde_json::to_writer(&mut bytes, &Finite(value)) {
        Err(_) => Answer::tombstone(Tombstone::NotSerializable),
        Ok(()) if bytes.len() > limit => Answer::tombstone(Tombstone::TooLarge),
        Ok(()) => {
            bytes.shrink_to_fit();
            Answer::encoded(bytes)
        }
    }
}

pub(crate) fn decode<V: DeserializeOwned>(answer: &Answer) -> Result<V, Error> {
    serde_json::from_slice(&answer.content()).map_err(|_| Error::NotReplayable)
}
