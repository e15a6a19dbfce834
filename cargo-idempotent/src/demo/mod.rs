//! The crate's own service, and its flawed twins: what the demo and the zoo run against.

mod claim;
mod flaw;
mod http;
mod journal;
mod key;
mod pay;
mod payments;
mod record;
mod server;
mod traffic;
mod zoo;

pub(crate) use flaw::{FLAWS, Flaw, TWIN};
pub(crate) use server::{Server, serve};
pub(crate) use traffic::{plan, record};
pub(crate) use zoo::{Visit, accused, visit};
