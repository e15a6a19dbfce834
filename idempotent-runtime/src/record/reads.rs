//! What a store reads of a record, between its verbs.

use super::{Phase, Record, StoreTime};
use crate::answer::Answer;
use crate::lease::Fence;
use crate::step::Steps;

impl Record {
    /// The present attempt's fencing token.
    pub fn fence(&self) -> Fence {
        self.fence
    }

    /// When the record's life ends.
    pub fn expires_at(&self) -> StoreTime {
        self.expires_at
    }

    /// When the lease ends of the attempt that runs, or ran when it ended.
    pub fn lease_until(&self) -> Option<StoreTime> {
        match self.phase {
            Phase::Running { lease_until, .. } => Some(lease_until),
            Phase::Free { .. } | Phase::Done(_) => None,
        }
    }

    /// The answer, once done.
    pub fn answer(&self) -> Option<&Answer> {
        match &self.phase {
            Phase::Done(answer) => Some(answer),
            _ => None,
        }
    }

    /// What the present attempts have done, while the record is not done.
    pub fn steps(&self) -> Steps {
        match &self.phase {
            Phase::Running {
                steps: Some(steps), ..
            }
            | Phase::Free {
                steps: Some(steps), ..
            } => Steps::from_bytes(steps.to_vec()),
            _ => Steps::none(),
        }
    }

    /// How many bytes of answer or steps it holds.
    pub fn content_bytes(&self) -> usize {
        match &self.phase {
            Phase::Done(answer) => answer.as_bytes().len(),
            Phase::Running { steps, .. } | Phase::Free { steps, .. } => {
                steps.as_ref().map_or(0, |steps| steps.len())
            }
        }
    }
}
