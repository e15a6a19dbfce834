//! What keeps a step from having a result.

use crate::store::StoreError;

/// The longest name of a step, in bytes.
pub(super) const LONGEST_NAME: usize = 64;

/// Why a step has no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StepError {
    /// Its name was used before in this attempt. Nothing was run.
    #[error("the step `{name}` is there twice in one attempt; give each part a name of its own")]
    Repeated {
        /// The name.
        name: String,
    },
    /// Its name is empty or too long. Nothing was run.
    #[error("a step's name is 1 to {LONGEST_NAME} bytes long, not {length}")]
    Name {
        /// The name's length, in bytes.
        length: usize,
    },
    /// The record has as many steps as it may have. Nothing was run.
    #[error(
        "the step `{name}` is one too many: a record has at most {most}; join parts, or raise `max_steps`"
    )]
    TooMany {
        /// The name.
        name: String,
        /// The bound.
        most: usize,
    },
    /// Nothing can be recorded: the store keeps no steps, or the attempt is
    /// not one with a lease. Nothing was run.
    #[error("the step `{name}` cannot be recorded: take a store and a mode that keep steps")]
    Unsupported {
        /// The name.
        name: String,
    },
    /// An earlier attempt has done it, but its result was too large, does not
    /// serialize, or is not of this type. Nothing was run.
    #[error(
        "the step `{name}` was done by an earlier attempt, but its result cannot be read; look it up by other means"
    )]
    NotReplayable {
        /// The name.
        name: String,
    },
    /// The lease is lost: another attempt may run. If the part's effect
    /// happened, it is not recorded.
    #[error("the lease was lost at the step `{name}`, and another attempt may run; stop")]
    Lost {
        /// The name.
        name: String,
    },
    /// The store did not take it, or cannot be read. If the part's effect
    /// happened, a later attempt may repeat it.
    #[error("the step `{name}` could not be recorded")]
    Store {
        /// The name.
        name: String,
        /// What the store said.
        #[source]
        source: StoreError,
    },
}

impl StepError {
    /// A word for it, stable across versions.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Repeated { .. } => "step-repeated",
            Self::Name { .. } => "step-name",
            Self::TooMany { .. } => "step-too-many",
            Self::Unsupported { .. } => "step-unsupported",
            Self::NotReplayable { .. } => "step-not-replayable",
            Self::Lost { .. } => "lease-lost",
            Self::Store { .. } => "step-unrecorded",
        }
    }
}
