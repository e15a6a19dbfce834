//! Sealed steps. A step's name is a word of the program, and stays; its result
//! is sealed with the name and the record, so that none can be moved to
//! another step, another record, or the place of an answer.

use super::{Encrypted, Unsealed};
use crate::answer::{Answer, AnswerKind};
use crate::record::RecordId;
use crate::step::{Step, Steps};
use crate::store::{Store, StoreError};

impl<S: Store + ?Sized> Encrypted<S> {
    pub(super) fn sealed_step(&self, id: &RecordId, step: &Step) -> Result<Step, StoreError> {
        let is_plain = step.result().kind() == Some(AnswerKind::Tombstone);
        if is_plain || self.unsealed == Unsealed::Written {
            return Ok(step.clone());
        }
        // The whole step: its bytes begin as no answer does.
        let whole = Answer::from_bytes(step.as_bytes().clone());
        Ok(Step::new(step.name(), self.ring.seal(id, &whole)?))
    }

    pub(super) fn opened_steps(&self, id: &RecordId, steps: &Steps) -> Result<Steps, StoreError> {
        let mut opened = Vec::with_capacity(steps.as_bytes().len());
        for step in steps.read()? {
            let step = match step.result().kind() {
                Some(AnswerKind::Sealed) => self.opened_step(id, &step)?,
                Some(AnswerKind::Tombstone) => step,
                _ if self.unsealed != Unsealed::Refused => step,
                _ => return Err(wrong(id, &step, "has no seal")),
            };
            opened.extend_from_slice(step.as_bytes());
        }
        Ok(Steps::from_bytes(opened))
    }

    fn opened_step(&self, id: &RecordId, step: &Step) -> Result<Step, StoreError> {
        let whole = self.ring.open(id, step.result())?;
        let mut inner = Steps::from_bytes(whole.as_bytes().clone()).read()?;
        match inner.pop() {
            Some(own) if inner.is_empty() && own.name() == step.name() => Ok(own),
            _ => Err(wrong(id, step, "was sealed as another one")),
        }
    }
}

fn wrong(id: &RecordId, step: &Step, how: &str) -> StoreError {
    let what = format!("the step `{}` of record {id} {how}", step.name());
    StoreError::Corrupt { what }
}
