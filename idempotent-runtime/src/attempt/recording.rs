//! What an attempt knows of its steps: those that it found, those that it
//! does, and the room that is left for more (invariant 12).

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use super::StepError;
use crate::answer::{Answer, AnswerKind};
use crate::engine::{Recorder, StepBounds};
use crate::function::encode;
use crate::step::{AROUND, Step, Steps};
use crate::store::StoreError;

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
    pub(super) fn enter(
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
    pub(super) fn result(&self, name: &str, bounds: StepBounds, value: &impl Serialize) -> Step {
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
pub(super) struct Entered<'a> {
    recording: &'a Recording,
    is_new: bool,
    is_kept: bool,
    name: String,
}

impl Entered<'_> {
    pub(super) fn keep(mut self) {
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
