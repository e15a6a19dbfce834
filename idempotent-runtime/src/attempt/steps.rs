//! Steps: parts of an attempt whose results are recorded as they happen, so
//! that a later attempt takes the results and leaves the effects alone.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Attempt, State};
use crate::answer::{Answer, AnswerKind};
use crate::engine::{Recorder, StepBounds};
use crate::error::Error;
use crate::function::{decode, encode};
use crate::outcome::Ownership;
use crate::step::{AROUND, Step, Steps};
use crate::store::StoreError;
use crate::telemetry::events;

/// The longest name of a step, in bytes.
const LONGEST_NAME: usize = 64;

/// Why a step has no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StepError {
    /// Its name was used before in this attempt. Nothing was run.
    #[error("the step `{name}` is there twice in one attempt; give each part a name of its own")]
    Repeated {
        /// The name.
        name: String,
    },
    /// Its name is empty or too long. Nothing was run.
    #[error("a step's name is 1 to {LONGEST_NAME} bytes long, not {length}")]
    Name {
        /// The name's length, in bytes.
        length: usize,
    },
    /// The record has as many steps as it may have. Nothing was run.
    #[error(
        "the step `{name}` is one too many: a record has at most {most}; join parts, or raise `max_steps`"
    )]
    TooMany {
        /// The name.
        name: String,
        /// The bound.
        most: usize,
    },
    /// Nothing can be recorded: the store keeps no steps, or the attempt is
    /// not one with a lease. Nothing was run.
    #[error("the step `{name}` cannot be recorded: take a store and a mode that keep steps")]
    Unsupported {
        /// The name.
        name: String,
    },
    /// An earlier attempt has done it, but its result was too large, does not
    /// serialize, or is not of this type. Nothing was run.
    #[error(
        "the step `{name}` was done by an earlier attempt, but its result cannot be read; look it up by other means"
    )]
    NotReplayable {
        /// The name.
        name: String,
    },
    /// The lease is lost: another attempt may run. If the part's effect
    /// happened, it is not recorded.
    #[error("the lease was lost at the step `{name}`, and another attempt may run; stop")]
    Lost {
        /// The name.
        name: String,
    },
    /// The store did not take it, or cannot be read. If the part's effect
    /// happened, a later attempt may repeat it.
    #[error("the step `{name}` could not be recorded")]
    Store {
        /// The name.
        name: String,
        /// What the store said.
        #[source]
        source: StoreError,
    },
}

impl StepError {
    /// A word for it, stable across versions.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Repeated { .. } => "step-repeated",
            Self::Name { .. } => "step-name",
            Self::TooMany { .. } => "step-too-many",
            Self::Unsupported { .. } => "step-unsupported",
            Self::NotReplayable { .. } => "step-not-replayable",
            Self::Lost { .. } => "lease-lost",
            Self::Store { .. } => "step-unrecorded",
        }
    }
}

/// What an attempt has recorded.
#[derive(Debug)]
pub(super) struct Recording {
    pub(super) recorder: Recorder,
    parts: Mutex<Option<Parts>>,
}

#[derive(Debug, Default)]
struct Parts {
    /// By name: what an earlier attempt has done.
    found: HashMap<String, Answer>,
    /// By name: what this attempt does, or has taken.
    used: Vec<String>,
    count: usize,
    bytes: usize,
}

impl Recording {
    pub(super) fn new(recorder: Recorder) -> Self {
        Self {
            recorder,
            parts: Mutex::new(None),
        }
    }

    fn parts(&self) -> MutexGuard<'_, Option<Parts>> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the name, and the result if there is one already.
    fn enter(
        &self,
        name: &str,
        steps: &Steps,
        bounds: StepBounds,
    ) -> Result<(Entered<'_>, Option<Answer>), StepError> {
        let mut parts = self.parts();
        let parts = match &mut *parts {
            Some(parts) => parts,
            none => none.insert(Parts::of(steps).map_err(|source| StepError::Store {
                name: name.to_owned(),
                source,
            })?),
        };
        let name = name.to_owned();
        if parts.used.contains(&name) {
            return Err(StepError::Repeated { name });
        }
        let found = parts.found.get(&name).cloned();
        if found.is_none() {
            if parts.count >= bounds.count {
                let most = bounds.count;
                return Err(StepError::TooMany { name, most });
            }
            parts.count += 1;
        }
        parts.used.push(name.clone());
        let entered = Entered {
            recording: self,
            is_new: found.is_none(),
            is_kept: false,
            name,
        };
        Ok((entered, found))
    }

    /// Takes the room of a result; one that is too large becomes a tombstone.
    fn result(&self, name: &str, bounds: StepBounds, value: &impl Serialize) -> Step {
        // Also while it is written out: two parts at once share the room.
        let mut parts = self.parts();
        let taken = parts.as_ref().map_or(0, |parts| parts.bytes);
        let room = bounds.bytes.saturating_sub(taken + AROUND + name.len());
        let step = Step::new(name, encode(AnswerKind::Value, value, room));
        if let Some(parts) = &mut *parts {
            parts.bytes += step.as_bytes().len();
        }
        step
    }
}

impl Parts {
    fn of(steps: &Steps) -> Result<Self, StoreError> {
        let mut parts = Self {
            bytes: steps.as_bytes().len(),
            ..Self::default()
        };
        for step in steps.read()? {
            // One that was sent again has its first result.
            let result = step.result().clone();
            parts.found.entry(step.name().to_owned()).or_insert(result);
        }
        parts.count = parts.found.len();
        Ok(parts)
    }
}

/// A name that is taken. Given back where its part came to no result: then
/// it may be tried again.
struct Entered<'a> {
    recording: &'a Recording,
    is_new: bool,
    is_kept: bool,
    name: String,
}

impl Entered<'_> {
    fn keep(mut self) {
        self.is_kept = true;
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        if self.is_kept {
            return;
        }
        if let Some(parts) = &mut *self.recording.parts() {
            parts.used.retain(|used| *used != self.name);
            parts.count -= usize::from(self.is_new);
        }
    }
}

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
        let (recording, bounds) = self.recording(state, name).map_err(refused)?;
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

    fn recording<'a>(
        &self,
        state: &'a State,
        name: &str,
    ) -> Result<(&'a Recording, StepBounds), StepError> {
        let length = name.len();
        if length == 0 || length > LONGEST_NAME {
            return Err(StepError::Name { length });
        }
        let unsupported = || StepError::Unsupported {
            name: name.to_owned(),
        };
        let recording = state.recording.as_ref().ok_or_else(unsupported)?;
        let bounds = recording.recorder.bounds().ok_or_else(unsupported)?;
        Ok((recording, bounds))
    }
}
