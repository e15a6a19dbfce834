//! What the store's verbs answer. Times are durations on the store's clock
//! (invariant 7): no process compares its own clock with them.

use std::time::Duration;

use crate::answer::Answer;
use crate::fingerprint::Fingerprint;
use crate::lease::Fence;
use crate::record::Trace;
use crate::step::Steps;

/// The answer to a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClaimOutcome {
    /// The caller is the one attempt that runs.
    Claimed(Claimed),
    /// Another attempt runs, or an interrupted record belongs to another
    /// fingerprint (then nothing remains of its lease).
    Running(Running),
    /// The record is finished.
    Done(Done),
}

/// A claim that starts an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claimed {
    /// Higher than every earlier attempt's.
    pub fence: Fence,
    /// What became of the attempt before.
    pub previous: Previous,
    /// What earlier attempts of the same request have done, and, to a claim
    /// that was sent again, this one. None from a store that keeps none.
    pub steps: Steps,
}

/// What stood in the record before a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Previous {
    /// Nothing: a first attempt.
    None,
    /// An attempt that released the key for a retry.
    Released,
    /// An attempt that said that it died unfinished.
    Interrupted,
    /// An attempt whose lease ran out.
    TakenOver,
    /// A record past its ttl, kept for a grace so that a late retry can be
    /// told from a first request.
    Expired {
        /// Whether it was the same request as this one.
        same_fingerprint: bool,
        /// How long ago it expired; zero when the claim was sent again.
        ago: Duration,
    },
}

impl Previous {
    /// Whether the attempt before died unfinished: what it has done is not
    /// known.
    pub const fn is_unfinished(&self) -> bool {
        matches!(self, Self::Interrupted | Self::TakenOver)
    }
}

/// Another attempt holds the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Running {
    /// What the other attempt was asked.
    pub fingerprint: Fingerprint,
    /// Since the other attempt's claim.
    pub age: Duration,
    /// Until its lease runs out; at most the lease, whatever the clock did.
    pub remaining: Duration,
}

/// A finished record.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Done {
    /// What is replayed.
    pub answer: Answer,
    /// What the finished attempt was asked.
    pub fingerprint: Fingerprint,
    /// Since the finished attempt's claim.
    pub age: Duration,
    /// Until the record's ttl ends.
    pub expires_in: Duration,
    /// The finished attempt's trace.
    pub trace: Option<Trace>,
}

impl Claimed {
    /// A claim with this fence, after `previous`, without steps.
    pub const fn new(fence: Fence, previous: Previous) -> Self {
        let steps = Steps::none();
        Self {
            fence,
            previous,
            steps,
        }
    }

    /// The same claim with these steps.
    #[must_use]
    pub fn with_steps(mut self, steps: Steps) -> Self {
        self.steps = steps;
        self
    }
}

impl Running {
    /// Another attempt that was asked `fingerprint`.
    pub const fn new(fingerprint: Fingerprint, age: Duration, remaining: Duration) -> Self {
        Self {
            fingerprint,
            age,
            remaining,
        }
    }
}

impl Done {
    /// A finished record without a trace.
    pub const fn new(
        answer: Answer,
        fingerprint: Fingerprint,
        age: Duration,
        expires_in: Duration,
    ) -> Self {
        Self {
            answer,
            fingerprint,
            age,
            expires_in,
            trace: None,
        }
    }
}

/// The answer to a completion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Completion {
    /// The record is done with this attempt's answer.
    Stored,
    /// The record is not this attempt's any more.
    Lost(Winner),
}

/// Whose a record is that an attempt lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Winner {
    /// Another attempt runs under a live lease.
    Running,
    /// Another attempt finished.
    Done,
    /// Nobody: it was released, expired or deleted.
    None,
}

/// The answer to an extension or a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ownership {
    /// The record was the caller's, and what it asked is done.
    Held,
    /// It is not the caller's; nothing changed.
    Lost,
}

/// Why an attempt gives its record back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Release {
    /// It ended without a final answer: the key is free for any request.
    Retry,
    /// It died unfinished: the key is free for the same request only.
    Interrupted,
}

/// The answer to an operator's verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Operated {
    /// It is done.
    Applied,
    /// The record has moved on (another fence or state), or is gone.
    Refused,
}
