//! The crate's own service, and its flawed twins: what the demo and the zoo run against.

mod claim;
mod finish;
mod flaw;
mod http;
mod http2;
mod journal;
mod key;
mod own;
mod pay;
mod payments;
mod races;
mod record;
mod server;
mod spans;
mod traffic;
mod work;
mod zoo;

pub(crate) use flaw::{FLAWS, Flaw, RIGHT, TWIN};
pub(crate) use own::Own;
pub(crate) use races::{RACES, Raced, race};
pub(crate) use server::{Server, serve};
pub(crate) use traffic::{plan, record};
pub(crate) use zoo::{Place, Visit, accused, visit};
