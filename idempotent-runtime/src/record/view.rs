//! What an operator may see of a record: nothing of key, scope or answer.

use std::time::Duration;

use super::{Phase, Record, RecordId, StoreTime, Trace};
use crate::fingerprint::Fingerprint;
use crate::lease::Fence;
use crate::outcome::Release;

/// A record as [`Store::inspect`](crate::store::Store::inspect) shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordView {
    /// Its identity.
    pub id: RecordId,
    /// Where it stands.
    pub state: State,
    /// The present attempt's fencing token.
    pub fence: Fence,
    /// What the present attempt was asked.
    pub fingerprint: Fingerprint,
    /// How many attempts there were.
    pub attempts: u32,
    /// Since the present attempt's claim.
    pub age: Duration,
    /// Until the record's ttl ends.
    pub expires_in: Duration,
    /// The size of the stored answer, in bytes.
    pub answer_bytes: Option<u64>,
    /// The operation's name; empty where the store keeps none.
    pub operation: String,
    /// The process that claimed it; empty where the store keeps none.
    pub owner: String,
    /// The present attempt's trace.
    pub trace: Option<Trace>,
}

/// Where a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum State {
    /// An attempt runs.
    Running {
        /// Until its lease runs out.
        remaining: Duration,
    },
    /// An attempt's lease ran out, and nobody took over yet.
    Stuck,
    /// Released, for a retry.
    Free(Release),
    /// Finished, with an answer.
    Done,
    /// Finished, without an answer that can be replayed.
    Tombstone,
}

impl Record {
    /// What an operator may see; `None` once the record has expired.
    pub fn view(&self, id: RecordId, now: StoreTime) -> Option<RecordView> {
        if now >= self.expires_at {
            return None;
        }
        let state = match &self.phase {
            Phase::Running { lease_until, .. } if now < *lease_until => State::Running {
                remaining: Duration::from_micros(*lease_until - now),
            },
            Phase::Running { .. } => State::Stuck,
            Phase::Free { reason, .. } => State::Free(*reason),
            Phase::Done(answer) => State::of(answer),
        };
        let mut view = RecordView::new(id, state, self.fence, self.fingerprint);
        view.attempts = self.attempts;
        view.age = self.age(now);
        view.expires_in = Duration::from_micros(self.expires_at - now);
        view.answer_bytes = self.answer().map(|answer| answer.as_bytes().len() as u64);
        Some(view)
    }
}

impl State {
    /// The state of a record that is done with `answer`.
    pub fn of(answer: &crate::answer::Answer) -> Self {
        match answer.kind() {
            Some(crate::answer::AnswerKind::Tombstone) => Self::Tombstone,
            _ => Self::Done,
        }
    }
}

impl RecordView {
    /// A view with what every store knows; the other fields are set after.
    pub const fn new(id: RecordId, state: State, fence: Fence, fingerprint: Fingerprint) -> Self {
        Self {
            id,
            state,
            fence,
            fingerprint,
            attempts: 1,
            age: Duration::ZERO,
            expires_in: Duration::ZERO,
            answer_bytes: None,
            operation: String::new(),
            owner: String::new(),
            trace: None,
        }
    }
}
