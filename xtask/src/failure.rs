//! Why a chore ended early, and with which exit code.

use std::fmt::{self, Display, Formatter};
use std::io;

/// What a chore gives back.
pub(crate) type Outcome<T> = Result<T, Failure>;

/// The reason of an early end.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line is wrong.
    Usage(String),
    /// Something went wrong, or a check said no.
    Chore(String),
    /// The same, but the chore has said so itself, as its last line.
    Said,
    /// A signal of this number asked for the end.
    Interrupted(usize),
}

impl Failure {
    /// As a shell expects it: 128 and the signal's number for an interruption.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Chore(_) | Self::Said => 1,
            Self::Interrupted(signal) => u8::try_from(128 + signal).unwrap_or(1),
        }
    }

    /// For `map_err`: a system's error with what was being done.
    pub(crate) fn doing(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |error| Self::Chore(format!("cannot {what}: {error}"))
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(what) | Self::Chore(what) => write!(f, "xtask: {what}"),
            Self::Said => Ok(()),
            Self::Interrupted(signal) => write!(f, "xtask: ended by signal {signal}"),
        }
    }
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        Self::Usage(format!("{error}; `--help` says what is possible"))
    }
}

impl From<xtask::servers::Error> for Failure {
    fn from(error: xtask::servers::Error) -> Self {
        Self::Chore(error.to_string())
    }
}
