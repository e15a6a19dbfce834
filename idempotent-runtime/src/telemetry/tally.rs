//! What became of this process's calls, by operation, for the page that shows
//! rates: one relaxed increment a call, and only once a page was made.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use super::by_operation::ByOperation;
use super::labels::{Outcome, closed};

/// Counts of calls since the first page was made.
pub(crate) struct Tally(ByOperation<Counts>);

#[derive(Default)]
struct Counts([AtomicU64; Class::COUNT]);

closed! {
    /// Outcomes that an operator looks at together.
    Class {
        /// Its own answer stands.
        Executed = "executed",
        Replayed = "replayed",
        /// It ran without a final answer, or for nobody.
        Released = "released",
        /// 409: another call of its key runs, or did.
        Conflict = "conflict",
        /// 422.
        Reused = "key_reused",
        /// 400 and 429.
        Refused = "refused",
        /// 5xx of ours.
        Failed = "failed",
        /// It had no key, and needed none.
        Bypassed = "bypassed",
    }
}

impl Default for Tally {
    fn default() -> Self {
        Self(ByOperation::new())
    }
}

impl Tally {
    pub(super) fn add(&self, operation: &'static str, outcome: Outcome) {
        let counts = self.0.get(operation, |_| Counts::default());
        counts.0[Class::of(outcome) as usize].fetch_add(1, Relaxed);
    }

    /// How many calls of each operation came to each class.
    pub(crate) fn counts(&self) -> Vec<(&'static str, [u64; Class::COUNT])> {
        let all = self.0.all();
        all.map(|(name, counts)| (name, counts.0.each_ref().map(|count| count.load(Relaxed))))
            .collect()
    }
}

impl Class {
    const fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Executed => Self::Executed,
            Outcome::Replayed => Self::Replayed,
            Outcome::Released | Outcome::Lost | Outcome::Cancelled => Self::Released,
            Outcome::Bypassed => Self::Bypassed,
            Outcome::InFlight | Outcome::OutcomeUnknown | Outcome::NotReplayable => Self::Conflict,
            Outcome::KeyReused => Self::Reused,
            Outcome::KeyMissing
            | Outcome::KeyMalformed
            | Outcome::KeyTooOld
            | Outcome::QuotaExceeded => Self::Refused,
            Outcome::ScopeEmpty
            | Outcome::FingerprintFailed
            | Outcome::StoreUnavailable
            | Outcome::StoreFull
            | Outcome::Overloaded
            | Outcome::TransactionFailed
            | Outcome::CommitUnknown
            | Outcome::Panicked
            | Outcome::NameTaken => Self::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_call_is_counted_once_in_the_class_of_its_outcome() {
        let tally = Tally::default();
        for outcome in Outcome::ALL {
            tally.add("app::pay", *outcome);
        }
        tally.add("app::pay", Outcome::Replayed);
        let counts = tally.counts();
        assert_eq!(counts.len(), 1);
        let (name, counts) = counts[0];
        assert_eq!(name, "app::pay");
        assert_eq!(counts[Class::Replayed as usize], 2);
        assert_eq!(counts.iter().sum::<u64>(), Outcome::COUNT as u64 + 1);
    }
}
