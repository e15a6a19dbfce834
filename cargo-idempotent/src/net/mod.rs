//! HTTP by hand, on sockets and on TLS sessions: libraries can hold no byte back.

mod answer;
mod clock;
mod connection;
pub(crate) mod h2;
mod incoming;
mod process;
mod protocol;
mod socket;
mod target;
pub(crate) mod tls;
mod wire;

pub(crate) use answer::Answer;
pub(crate) use clock::{Moment, micros, now};
pub(crate) use connection::{Connection, exchange};
pub(crate) use incoming::incoming;
pub(crate) use process::Process;
pub(crate) use protocol::Protocol;
pub(crate) use socket::{Failure, Sealed};
pub(crate) use target::Target;
pub(crate) use wire::{encode, harmless};
