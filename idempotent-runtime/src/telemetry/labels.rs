//! The values that labels can have: closed sets, so that no client can make a
//! series, and arrays of handles can be indexed by them.

use crate::error::Error;
use crate::outcome::Previous;

/// An enum whose variants have a label's value each.
macro_rules! closed {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$meta])*
        #[allow(clippy::enum_variant_names)] // they are the labels' values
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[cfg_attr(
            not(all(feature = "metrics", feature = "axum")),
            allow(dead_code) // labels are for metrics, and some for HTTP
        )]
        pub(crate) enum $name { $($(#[$doc])* $variant,)* }

        #[allow(dead_code)] // one set is looked up, another one only named
        impl $name {
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant),*];
            pub(crate) const COUNT: usize = Self::ALL.len();

            pub(crate) const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}
pub(crate) use closed;

closed! {
    /// What became of a call.
    Outcome {
        Executed = "executed",
        /// Its body's answer was not final.
        Released = "released",
        Replayed = "replayed",
        /// It had no key, and needed none.
        Bypassed = "bypassed",
        /// Its body ended, and another attempt's answer stands.
        Lost = "lost",
        /// Its caller left before there was an answer.
        Cancelled = "cancelled",
        KeyMissing = "key_missing",
        KeyMalformed = "key_malformed",
        KeyTooOld = "key_too_old",
        KeyReused = "key_reused",
        InFlight = "in_flight",
        OutcomeUnknown = "outcome_unknown",
        NotReplayable = "not_replayable",
        QuotaExceeded = "quota_exceeded",
        ScopeEmpty = "scope_empty",
        FingerprintFailed = "fingerprint_failed",
        StoreUnavailable = "store_unavailable",
        StoreFull = "store_full",
        Overloaded = "overloaded",
        TransactionFailed = "transaction_failed",
        CommitUnknown = "commit_unknown",
        Panicked = "panicked",
        NameTaken = "name_taken",
    }
}

closed! {
    /// Why a body starts.
    Cause {
        First = "first",
        Retry = "retry",
        Takeover = "takeover",
        Expired = "expired",
        Bypass = "bypass",
    }
}

closed! {
    /// What was asked of a store.
    Verb {
        Claim = "claim",
        Extend = "extend",
        Complete = "complete",
        Release = "release",
        Wait = "wait",
        Sweep = "sweep",
        Inspect = "inspect",
        List = "list",
        Stats = "stats",
        Answer = "answer",
        /// A transaction's, an operator's, or one that is newer than this list.
        Other = "other",
    }
}

closed! {
    /// What is counted of a store's records; each record is in one of these at
    /// most, so that their sum has a meaning.
    Counted {
        /// Those that are stuck included.
        Running = "running",
        Done = "done",
        Expired = "expired",
    }
}

closed! {
    /// Whose entry a table of recent things forgot.
    Detector {
        Forgotten = "forgotten_records",
        Repeats = "unprotected_repeats",
        Suspects = "suspected_duplicates",
        CrossScope = "cross_scope_keys",
        Effects = "repeated_effects",
    }
}

closed! {
    /// What a request that came again to an unprotected route got.
    RepeatResult {
        /// The same answer.
        Same = "same",
        /// Another answer.
        Different = "different",
        /// The first had failed, or its client had left.
        Failed = "failed",
    }
}

impl Outcome {
    pub(crate) const fn of(error: &Error) -> Self {
        match error {
            Error::KeyMissing { .. } => Self::KeyMissing,
            Error::KeyMalformed(_) => Self::KeyMalformed,
            Error::KeyTooOld { .. } => Self::KeyTooOld,
            Error::KeyReused => Self::KeyReused,
            Error::InFlight { .. } => Self::InFlight,
            Error::OutcomeUnknown => Self::OutcomeUnknown,
            Error::NotReplayable => Self::NotReplayable,
            Error::QuotaExceeded { .. } => Self::QuotaExceeded,
            Error::ScopeEmpty(_) => Self::ScopeEmpty,
            Error::Fingerprint(_) => Self::FingerprintFailed,
            Error::Unavailable { .. } => Self::StoreUnavailable,
            Error::StoreFull { .. } => Self::StoreFull,
            Error::Overloaded { .. } => Self::Overloaded,
            Error::TransactionFailed { .. } => Self::TransactionFailed,
            Error::CommitUnknown { .. } => Self::CommitUnknown,
            Error::Panicked => Self::Panicked,
            // The body's to answer: it ran, and its answer is not final.
            Error::Step(_) => Self::Released,
            Error::NameTaken { .. } => Self::NameTaken,
        }
    }
}

impl Cause {
    pub(crate) const fn of(previous: Previous) -> Self {
        match previous {
            Previous::None => Self::First,
            Previous::Released => Self::Retry,
            Previous::Interrupted | Previous::TakenOver => Self::Takeover,
            Previous::Expired { .. } => Self::Expired,
        }
    }
}

#[cfg_attr(not(feature = "metrics"), allow(dead_code))]
impl Verb {
    pub(crate) fn of(name: &str) -> Self {
        let known = Self::ALL.iter().find(|verb| verb.as_str() == name);
        known.copied().unwrap_or(Self::Other)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn an_errors_outcome_is_its_code() {
        let retry_after = Duration::from_secs(1);
        for error in [
            Error::KeyReused,
            Error::InFlight { retry_after },
            Error::StoreFull { retry_after },
            Error::Overloaded { retry_after },
            Error::OutcomeUnknown,
            Error::NotReplayable,
            Error::Panicked,
            crate::scope::ScopeEmpty.into(),
            crate::key::KeyError::Empty.into(),
        ] {
            let code = error.code().replace('-', "_");
            assert_eq!(Outcome::of(&error).as_str(), code);
        }
    }
}
