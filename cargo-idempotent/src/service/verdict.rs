//! What a check says.

use std::fmt;

/// What was proven, a sentence each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The sentences, in the order of the scenarios.
    pub proven: Vec<String>,
}

/// What is wrong, or why nothing could be said.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failed {
    /// The service broke its profile.
    Violations {
        /// A sentence each.
        found: Vec<String>,
        /// What orders the interleavings: give it to `seed` to see them again.
        seed: u64,
    },
    /// A control failed: the check would mean nothing.
    Control(String),
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.proven.join("\n"))
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Violations { found, seed } => {
                write!(f, "not idempotent (seed {seed}):")?;
                found.iter().try_for_each(|v| write!(f, "\n- {v}"))
            }
            Self::Control(why) => write!(f, "nothing could be proven: {why}"),
        }
    }
}

impl std::error::Error for Failed {}
