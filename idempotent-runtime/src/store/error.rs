//! Why a store did not do what it was asked.

use std::error::Error;
use std::time::Duration;

/// A verb that was not carried out, or whose outcome is not known.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The store did not answer; what was asked may or may not have happened.
    #[error("the idempotency store did not answer {verb}; check that it runs and can be reached")]
    Unavailable {
        /// The verb that got no answer.
        verb: &'static str,
        /// What the client library said.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The store has no room for a new record; nothing live was evicted.
    #[error("the idempotency store is full; raise its limits or shorten the ttl")]
    Full {
        /// When room may be there.
        retry_after: Duration,
    },
    /// The scope has as many live keys as it may have.
    #[error("the scope has {quota} live idempotency keys, its quota; they expire with their ttl")]
    QuotaExceeded {
        /// The scope's bound.
        quota: u64,
        /// When a key may be free.
        retry_after: Duration,
    },
    /// Another transaction was in the way: a serialization failure, a deadlock,
    /// or a lock that was not free in time. This one is rolled back.
    #[error("another transaction was in the way of {verb}; this one is rolled back, try again")]
    Conflict {
        /// The verb that met it.
        verb: &'static str,
    },
    /// The database has rolled the transaction back, or will.
    #[error("the database rolled the transaction back at {verb}: {why}")]
    RolledBack {
        /// The verb that was told.
        verb: &'static str,
        /// What the database said, and what to do.
        why: String,
    },
    /// This store does not have the verb.
    #[error("this idempotency store does not support `{verb}`")]
    Unsupported {
        /// The verb.
        verb: &'static str,
    },
    /// The cursor of a list is not one that this store gave for that list.
    #[error("this is no cursor of this list; begin again at its first page")]
    ForeignCursor,
    /// What the store holds is not what this version writes or reads.
    #[error("the idempotency store holds what this version cannot read: {what}")]
    Corrupt {
        /// What was read, and where.
        what: String,
    },
    /// The store is not set up as it must be.
    #[error("the idempotency store is not usable as configured: {what}")]
    Misconfigured {
        /// What is wrong, and what to do.
        what: String,
    },
}

impl StoreError {
    /// The store did not answer `verb`.
    pub fn unavailable(
        verb: &'static str,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::Unavailable {
            verb,
            source: source.into(),
        }
    }
}
