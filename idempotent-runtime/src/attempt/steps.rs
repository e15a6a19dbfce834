//! Steps: parts of an attempt whose results are recorded as they happen, so
//! that a later attempt takes the results and leaves the effects alone.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::recording::Recording;
use super::step_error::LONGEST_NAME;
use super::{Attempt, State, StepError};
use crate::answer::AnswerKind;
use crate::engine::StepBounds;
use crate::error::Error;
use crate::function::decode;
use crate::outcome::Ownership;
use crate::telemetry::events;

impl Attempt {
    /// Runs a part of the body once for all attempts of its record: its `Ok`
    /// is recorded as it happens, and a later attempt for the same request,
    /// after a crash, a takeover or a release for a retry, gets that result
    /// and does not run the part again. An `Err` is not recorded, and the
    /// part may be tried again.
    ///
    /// ```
    /// use axum::Json;
    /// use idempotent_runtime::{Attempt, Error, idempotent};
    ///
    /// # async fn charge(_: u64) -> Result<String, Failed> { Ok(String::new()) }
    /// # async fn send(_: &str) -> Result<(), Failed> { Ok(()) }
    /// # struct Failed;
    /// # impl From<Error> for Failed { fn from(_: Error) -> Self { Self } }
    /// # impl axum::response::IntoResponse for Failed {
    /// #     fn into_response(self) -> axum::response::Response { Default::default() }
    /// # }
    /// #[idempotent(scope = public)]
    /// async fn checkout(attempt: Attempt, Json(amount): Json<u64>) -> Result<String, Failed> {
    ///     let charged = attempt.step("charge", || charge(amount)).await?;
    ///     attempt.step("mail", || send(&charged)).await?;
    ///     Ok(charged)
    /// }
    /// ```
    ///
    /// The part itself is still at-least-once: a process may die after its
    /// effect and before the record of it, so send a [child
    /// key](Self::child_key) along where the downstream knows keys. Without a
    /// record the part just runs.
    ///
    /// The chapter on [effects elsewhere](crate::docs::steps) says when a
    /// step is taken and when it is forgotten.
    ///
    /// # Errors
    ///
    /// The part's own, and [`StepError`], by way of [`Error::Step`].
    pub async fn step<T, E, F>(&self, name: &str, part: impl FnOnce() -> F) -> Result<T, E>
    where
        T: Serialize + DeserializeOwned,
        E: From<Error>,
        F: Future<Output = Result<T, E>>,
    {
        let Some(state) = self.0.state.get() else {
            return part().await;
        };
        let refused = |error: StepError| {
            events::step_refused(self, name, &error);
            E::from(Error::Step(error))
        };
        let (recording, bounds) = state.recording(name).map_err(refused)?;
        let entered = recording.enter(name, &state.claimed.steps, bounds);
        let (entered, found) = entered.map_err(refused)?;
        if let Some(found) = found {
            entered.keep();
            let value = match found.kind() {
                Some(AnswerKind::Value) => decode(&found).ok(),
                _ => None,
            };
            let Some(value) = value else {
                let name = name.to_owned();
                return Err(refused(StepError::NotReplayable { name }));
            };
            events::step(self, name, "step taken from an earlier attempt");
            return Ok(value);
        }
        if self.is_lost() {
            let name = name.to_owned();
            return Err(refused(StepError::Lost { name }));
        }
        let value = part().await?;
        // From here on its effect is there, and must not be tried again.
        entered.keep();
        let step = recording.result(name, bounds, &value);
        let fence = state.claimed.fence;
        let recorded = recording.recorder.record(&state.id, fence, &step).await;
        let name = name.to_owned();
        match recorded {
            Ok(Ownership::Held) => {
                events::step(self, &name, "step recorded");
                Ok(value)
            }
            Ok(Ownership::Lost) => {
                self.mark_lost();
                Err(refused(StepError::Lost { name }))
            }
            Err(source) => Err(refused(StepError::Store { name, source })),
        }
    }
}

impl State {
    /// Where a step of this name is recorded, and what bounds it.
    fn recording(&self, name: &str) -> Result<(&Recording, StepBounds), StepError> {
        let length = name.len();
        if length == 0 || length > LONGEST_NAME {
            return Err(StepError::Name { length });
        }
        let unsupported = || StepError::Unsupported {
            name: name.to_owned(),
        };
        let recording = self.recording.as_ref().ok_or_else(unsupported)?;
        let bounds = recording.recorder.bounds().ok_or_else(unsupported)?;
        Ok((recording, bounds))
    }
}
