//! HTTP/1.1 on plain sockets: libraries can hold no byte back.

mod answer;
mod clock;
mod connection;
pub(crate) mod h2;
mod incoming;
mod process;
mod target;
mod wire;

pub(crate) use answer::Answer;
pub(crate) use clock::{Moment, micros, now};
pub(crate) use connection::{Connection, exchange};
pub(crate) use incoming::incoming;
pub(crate) use process::Process;
pub(crate) use target::Target;
pub(crate) use wire::encode;
