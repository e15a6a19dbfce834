//! Why a server could not be had, with the end of its own log.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// What went wrong around a private server.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A program is neither on the PATH nor where its package puts it.
    #[error("no `{program}` on this machine; install it: apt-get install {package}")]
    Missing {
        /// The program that was looked for.
        program: &'static str,
        /// The Debian package that brings it.
        package: &'static str,
    },
    /// The system refused something.
    #[error("cannot {doing}: {source}")]
    Io {
        /// What was to be done, with its object.
        doing: String,
        /// The system's own words.
        source: io::Error,
    },
    /// The scratch directory would lie inside the repository.
    #[error("the temporary directory {0} lies inside the repository; set TMPDIR to one outside")]
    InsideRepository(PathBuf),
    /// No free port was found where ports are taken from.
    #[error("no free loopback port from {low} to {high}")]
    NoPort {
        /// The lowest that was tried.
        low: u16,
        /// The highest that was tried.
        high: u16,
    },
    /// The server, or the program that lays its data, ended too early.
    #[error("{name} ended at its start with {status}; the end of its log:\n{log}")]
    Ended {
        /// Which server.
        name: String,
        /// How it ended.
        status: String,
        /// The last lines that it wrote.
        log: String,
    },
    /// The server runs, but did not answer in time.
    #[error("{name} did not answer within {waited:?}; the end of its log:\n{log}")]
    NotReady {
        /// Which server.
        name: String,
        /// For how long it was asked.
        waited: Duration,
        /// The last lines that it wrote.
        log: String,
    },
    /// A server answered, but with a refusal.
    #[error("{name} refused `{command}`: {reply}")]
    Refused {
        /// Which server.
        name: String,
        /// What it was told.
        command: String,
        /// What it said.
        reply: String,
    },
    /// Nothing runs that could be paused or resumed.
    #[error("{0} is not running: restart it first")]
    NotRunning(String),
}

impl Error {
    /// For `map_err`: names what was being done.
    pub(super) fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let doing = doing.into();
        move |source| Self::Io { doing, source }
    }

    /// Whether a server gave up because somebody else listens on its port.
    pub(super) fn is_port_taken(&self) -> bool {
        matches!(self, Self::Ended { log, .. } if log.contains("ddress already in use"))
    }
}
