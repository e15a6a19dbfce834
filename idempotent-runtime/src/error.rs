//! What a caller gets instead of an answer.

use std::time::Duration;

use crate::attempt::StepError;
use crate::fingerprint::FingerprintError;
use crate::key::KeyError;
use crate::scope::ScopeEmpty;
use crate::store::StoreError;

/// Why a call has no answer. Handlers turn it into a problem document; a
/// function's own error type takes it by `From<idempotent_runtime::Error>`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No key where one is required.
    #[error("the request has no idempotency key; send one in the `{header}` header")]
    KeyMissing {
        /// The header that carries it.
        header: &'static str,
    },
    /// The key is no key.
    #[error("{0}")]
    KeyMalformed(#[from] KeyError),
    /// The key's own time is older than a record could live.
    #[error(
        "the idempotency key is older than {max_key_age:?}; look the operation's outcome up before sending it with a new key"
    )]
    KeyTooOld {
        /// The operation's bound.
        max_key_age: Duration,
    },
    /// The key was used for another request.
    #[error(
        "the idempotency key was used for a different request; use a new key for a new request"
    )]
    KeyReused,
    /// The first call still runs.
    #[error("a call with this idempotency key is running; retry after {retry_after:?}")]
    InFlight {
        /// When a retry may find the answer.
        retry_after: Duration,
    },
    /// An attempt died unfinished, and the operation does not run again.
    #[error(
        "an earlier attempt with this idempotency key was interrupted, and its outcome is unknown; look it up before using a new key"
    )]
    OutcomeUnknown,
    /// It was done, but its answer could not be kept.
    #[error(
        "the operation of this idempotency key is done, but its answer cannot be replayed; read its result by other means"
    )]
    NotReplayable,
    /// The scope has too many live keys.
    #[error(
        "too many live idempotency keys in this scope (quota {quota}); retry after {retry_after:?}"
    )]
    QuotaExceeded {
        /// The scope's bound.
        quota: u64,
        /// When a key may be free.
        retry_after: Duration,
    },
    /// The scope is empty, so that it would be everybody's.
    #[error("{0}")]
    ScopeEmpty(#[from] ScopeEmpty),
    /// The declared fingerprint did not serialize.
    #[error("{0}")]
    Fingerprint(#[from] FingerprintError),
    /// The store did not answer, so nothing was run.
    #[error(
        "the idempotency store is unavailable, and nothing was run; retry after {retry_after:?}"
    )]
    Unavailable {
        /// When to try again.
        retry_after: Duration,
        /// What the store said.
        #[source]
        source: StoreError,
    },
    /// The store has no room.
    #[error("the idempotency store is full, and nothing was run; retry after {retry_after:?}")]
    StoreFull {
        /// When room may be there.
        retry_after: Duration,
    },
    /// Too many attempts in flight or waiting here, or this process shuts down.
    #[error("too many calls are in flight here, and nothing was run; retry after {retry_after:?}")]
    Overloaded {
        /// When to try again.
        retry_after: Duration,
    },
    /// The transaction of effect and answer was rolled back.
    #[error(
        "the transaction was rolled back, and nothing was done ({source}); retry after {retry_after:?}"
    )]
    TransactionFailed {
        /// When to try again.
        retry_after: Duration,
        /// What the database said.
        #[source]
        source: StoreError,
    },
    /// The commit was sent, and nobody knows yet whether it happened.
    #[error(
        "whether the commit happened is not known yet; retry with the same key after {retry_after:?}: it is answered if it did, and runs if it did not"
    )]
    CommitUnknown {
        /// When to try again.
        retry_after: Duration,
        /// What the database said.
        #[source]
        source: StoreError,
    },
    /// The body panicked.
    #[error("the operation panicked; its key was released")]
    Panicked,
    /// A part of the attempt has no result.
    #[error("{0}")]
    Step(#[from] StepError),
    /// Two operations have one name, so that they would share keys.
    #[error(
        "two operations are named `{name}` ({first} and {second}); give one of them another `name = \"…\"`"
    )]
    NameTaken {
        /// The name.
        name: &'static str,
        /// A place in the source, as `file:line:column`.
        first: String,
        /// The other place.
        second: String,
    },
}

impl Error {
    /// The problem's code, stable across versions.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::KeyMissing { .. } => "key-missing",
            Self::KeyMalformed(_) => "key-malformed",
            Self::KeyTooOld { .. } => "key-too-old",
            Self::KeyReused => "key-reused",
            Self::InFlight { .. } => "in-flight",
            Self::OutcomeUnknown => "outcome-unknown",
            Self::NotReplayable => "not-replayable",
            Self::QuotaExceeded { .. } => "quota-exceeded",
            Self::ScopeEmpty(_) => "scope-empty",
            Self::Fingerprint(_) => "fingerprint-failed",
            Self::Unavailable { .. } => "store-unavailable",
            Self::StoreFull { .. } => "store-full",
            Self::Overloaded { .. } => "overloaded",
            Self::TransactionFailed { .. } => "transaction-failed",
            Self::CommitUnknown { .. } => "commit-unknown",
            Self::Panicked => "panicked",
            Self::Step(error) => error.code(),
            Self::NameTaken { .. } => "name-taken",
        }
    }

    /// When the same call may be sent again with a hope of another outcome;
    /// `None` where it may not. Not for [`Error::Panicked`], by intention,
    /// though a retry runs again: a bug seldom heals.
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::InFlight { retry_after }
            | Self::QuotaExceeded { retry_after, .. }
            | Self::Unavailable { retry_after, .. }
            | Self::TransactionFailed { retry_after, .. }
            | Self::CommitUnknown { retry_after, .. }
            | Self::StoreFull { retry_after }
            | Self::Overloaded { retry_after } => Some(*retry_after),
            // The other attempt may have the answer by then; or the store is
            // back, and what was recorded is not run again.
            Self::Step(StepError::Lost { .. } | StepError::Store { .. }) => Some(RETRY_SOON),
            _ => None,
        }
    }
}

/// What a client is asked to wait where nothing better is known.
pub(crate) const RETRY_SOON: Duration = Duration::from_secs(1);

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full { retry_after } => Self::StoreFull { retry_after },
            StoreError::QuotaExceeded { quota, retry_after } => {
                Self::QuotaExceeded { quota, retry_after }
            }
            source => Self::Unavailable {
                retry_after: RETRY_SOON,
                source,
            },
        }
    }
}
