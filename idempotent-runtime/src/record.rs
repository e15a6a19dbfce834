//! A record and its state machine, as a pure function of the store's clock:
//! invariants 1 to 6 and 10. Stores that can swap a value atomically need
//! nothing else; the databases' statements do the same.
//!
//! ```text
//!             claim                       complete
//!   (none) ───────────► RUNNING ───────────────────────► DONE ── ttl ──► (none)
//!                       ▲  │  │ extend: lease renewed     (answer or tombstone)
//!         claim by a    │  │  └──────┐
//!         later attempt,│  ▼ release │
//!         higher fence  └─ FREE ◄────┘ lease runs out
//! ```

mod id;
#[cfg(test)]
mod model;
mod reads;
mod view;

use std::time::Duration;

pub use self::id::{RecordId, ScopeDigest};
pub use self::view::{RecordView, State};

use crate::answer::Answer;
use crate::fingerprint::Fingerprint;
use crate::lease::{Fence, Lease, Token, Ttl};
use crate::outcome::{
    ClaimOutcome, Claimed, Completion, Done, Operated, Ownership, Previous, Release, Running,
    Winner,
};
use crate::step::Step;
use crate::store::Claim;

/// Trace id (16 bytes), span id (8) and flags (1) of an attempt.
pub type Trace = [u8; 25];

/// A moment on a store's clock, in microseconds since 1970.
pub type StoreTime = u64;

/// What a store knows of one record.
#[derive(Debug, Clone)]
pub struct Record {
    token: Token,
    fingerprint: Fingerprint,
    fence: Fence,
    expires_at: StoreTime,
    attempts: u32,
    previous: Before,
    phase: Phase,
}

/// Where a record stands between its verbs.
#[derive(Debug, Clone)]
enum Phase {
    Running { lease_until: StoreTime, steps: Kept },
    Free { reason: Release, steps: Kept },
    Done(Answer),
}

/// The bytes of steps; most records have none.
type Kept = Option<Box<Vec<u8>>>;

/// [`Previous`], as small as it is stored: a claim whose acknowledgement was
/// lost must learn of an interruption when it is sent again (invariant 5).
#[derive(Debug, Clone, Copy)]
enum Before {
    None,
    Released,
    Interrupted,
    TakenOver,
    Expired { same_fingerprint: bool },
}

impl Record {
    /// The record of a first claim.
    pub fn first(claim: &Claim<'_>, now: StoreTime) -> (Self, Claimed) {
        let record = Self {
            token: claim.token,
            fingerprint: claim.fingerprint,
            fence: Fence::new(now),
            expires_at: now + micros(claim.lifetime()),
            attempts: 1,
            previous: Before::None,
            phase: Phase::Running {
                lease_until: now + micros(claim.lease.duration()),
                steps: None,
            },
        };
        let claimed = Claimed::new(record.fence, Previous::None);
        (record, claimed)
    }

    /// A later claim.
    pub fn claim(&mut self, claim: &Claim<'_>, now: StoreTime) -> ClaimOutcome {
        let same_fingerprint = self.fingerprint == claim.fingerprint;
        if now >= self.expires_at {
            let ago = Duration::from_micros(now - self.expires_at);
            self.attempts = 0;
            self.start(claim, Before::Expired { same_fingerprint }, now);
            let previous = Previous::Expired {
                same_fingerprint,
                ago,
            };
            return ClaimOutcome::Claimed(Claimed::new(self.fence, previous));
        }
        match &self.phase {
            Phase::Done(answer) => {
                let expires_in = Duration::from_micros(self.expires_at - now);
                let age = self.age(now);
                return ClaimOutcome::Done(Done::new(
                    answer.clone(),
                    self.fingerprint,
                    age,
                    expires_in,
                ));
            }
            // The same claim, sent again: the same answer, and a fresh lease.
            Phase::Running { .. } if self.token == claim.token => {
                self.renew(claim.lease, now);
            }
            Phase::Running { lease_until, .. } if now < *lease_until || !same_fingerprint => {
                return ClaimOutcome::Running(self.running(*lease_until, now));
            }
            Phase::Running { .. } => self.start(claim, Before::TakenOver, now),
            Phase::Free { reason, .. } => match reason {
                Release::Interrupted if !same_fingerprint => {
                    return ClaimOutcome::Running(self.running(now, now));
                }
                Release::Interrupted => self.start(claim, Before::Interrupted, now),
                Release::Retry => self.start(claim, Before::Released, now),
            },
        }
        let claimed = Claimed::new(self.fence, self.previous());
        ClaimOutcome::Claimed(claimed.with_steps(self.steps()))
    }

    /// Renews the lease of the attempt with this token.
    pub fn extend(&mut self, token: &Token, lease: Lease, now: StoreTime) -> Ownership {
        match self.phase {
            Phase::Running { .. } if self.token == *token => {
                self.renew(lease, now);
                Ownership::Held
            }
            _ => Ownership::Lost,
        }
    }

    /// Finishes the record with the answer of the attempt with this token.
    pub fn complete(
        &mut self,
        token: &Token,
        fence: Fence,
        answer: &Answer,
        ttl: Ttl,
        now: StoreTime,
    ) -> Completion {
        let own = self.token == *token && self.fence == fence;
        match self.phase {
            Phase::Running { .. } if own => {
                self.phase = Phase::Done(answer.clone());
                self.expires_at = now + micros(ttl.duration());
                Completion::Stored
            }
            Phase::Done(_) if own => Completion::Stored,
            _ => Completion::Lost(self.winner(now)),
        }
    }

    /// Records what a part of the attempt with this token and fence has done.
    pub fn step(&mut self, token: &Token, fence: Fence, step: &Step) -> Ownership {
        let own = self.token == *token && self.fence == fence;
        match &mut self.phase {
            Phase::Running { steps, .. } if own => {
                let steps = steps.get_or_insert_default();
                steps.extend_from_slice(step.as_bytes());
                Ownership::Held
            }
            _ => Ownership::Lost,
        }
    }

    /// Gives the record back.
    pub fn release(&mut self, token: &Token, reason: Release) -> Ownership {
        match &mut self.phase {
            Phase::Running { steps, .. } if self.token == *token => {
                let steps = steps.take();
                self.phase = Phase::Free { reason, steps };
                Ownership::Held
            }
            Phase::Free { .. } if self.token == *token => Ownership::Held,
            _ => Ownership::Lost,
        }
    }

    /// An operator ends the lease of the attempt with this fence.
    pub fn expire(&mut self, fence: Fence, now: StoreTime) -> Operated {
        match &mut self.phase {
            Phase::Running { lease_until, .. } if self.fence == fence => {
                *lease_until = now.min(*lease_until);
                Operated::Applied
            }
            _ => Operated::Refused,
        }
    }

    /// Whether an operator may delete the record: done, and of this fence.
    pub fn may_forget(&self, fence: Fence) -> Operated {
        match self.phase {
            Phase::Done(_) if self.fence == fence => Operated::Applied,
            _ => Operated::Refused,
        }
    }

    fn start(&mut self, claim: &Claim<'_>, previous: Before, now: StoreTime) {
        // What was done holds for the same request, within the record's life.
        let is_same = self.fingerprint == claim.fingerprint;
        let steps = match &mut self.phase {
            Phase::Running { steps, .. } | Phase::Free { steps, .. }
                if is_same && !matches!(previous, Before::Expired { .. }) =>
            {
                steps.take()
            }
            _ => None,
        };
        self.token = claim.token;
        self.fingerprint = claim.fingerprint;
        self.fence = Fence::new(now.max(self.fence.get() + 1));
        self.expires_at = now + micros(claim.lifetime());
        self.attempts = self.attempts.saturating_add(1);
        self.previous = previous;
        self.phase = Phase::Running {
            lease_until: now + micros(claim.lease.duration()),
            steps,
        };
    }

    fn renew(&mut self, lease: Lease, now: StoreTime) {
        let lease_until = now + micros(lease.duration());
        if let Phase::Running {
            lease_until: own, ..
        } = &mut self.phase
        {
            *own = lease_until;
        }
        self.expires_at = self.expires_at.max(lease_until);
    }

    fn previous(&self) -> Previous {
        match self.previous {
            Before::None => Previous::None,
            Before::Released => Previous::Released,
            Before::Interrupted => Previous::Interrupted,
            Before::TakenOver => Previous::TakenOver,
            Before::Expired { same_fingerprint } => Previous::Expired {
                same_fingerprint,
                ago: Duration::ZERO,
            },
        }
    }

    fn running(&self, lease_until: StoreTime, now: StoreTime) -> Running {
        let remaining = Duration::from_micros(lease_until.saturating_sub(now));
        Running::new(self.fingerprint, self.age(now), remaining)
    }

    fn winner(&self, now: StoreTime) -> Winner {
        match &self.phase {
            _ if now >= self.expires_at => Winner::None,
            Phase::Done(_) => Winner::Done,
            Phase::Running { lease_until, .. } if now < *lease_until => Winner::Running,
            Phase::Running { .. } | Phase::Free { .. } => Winner::None,
        }
    }

    /// Since the present attempt's claim: its fence is the time of it.
    fn age(&self, now: StoreTime) -> Duration {
        Duration::from_micros(now.saturating_sub(self.fence.get()))
    }
}

/// A duration on the store's clock; the types' bounds keep it far below 2⁶⁴.
fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX / 4)
}
