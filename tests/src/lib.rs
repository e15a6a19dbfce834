//! The small world of the integration tests: a router whose handlers have an
//! effect, a counter of those effects, and a store that can be told to fail.
//! The tests read as given / when / then; what is said once is said here.

#![allow(clippy::missing_panics_doc)] // where it panics, a test fails

mod account;
mod ask;
mod logged;
mod meter;
mod proven;
mod refusal;
mod reply;
mod required_only;
mod script;
mod scripted;
mod spans;
mod work;
mod world;

use std::time::Duration;

pub use crate::account::Account;
pub use crate::ask::Ask;
pub use crate::logged::Logged;
pub use crate::meter::Meter;
pub use crate::proven::keeps_every_promise;
pub use crate::refusal::Refusal;
pub use crate::reply::Reply;
pub use crate::required_only::RequiredOnly;
pub use crate::script::{Fault, Verb};
pub use crate::scripted::Scripted;
pub use crate::spans::Spans;
pub use crate::work::Work;
pub use crate::world::{App, World};

/// `n` seconds, mostly on tokio's paused clock.
pub const fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// `n` milliseconds, mostly on tokio's paused clock.
pub const fn millis(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// The README's examples compile, and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
