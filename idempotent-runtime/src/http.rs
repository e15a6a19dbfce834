//! HTTP semantics round the engine: axum handlers, extractors, the tower
//! layer. Everything here is about requests and responses; what runs and what
//! is replayed is the engine's to decide.

// A refusal is a whole response; one is made for each refused request.
#![allow(clippy::result_large_err)]

pub(crate) mod deferred;
pub(crate) mod guarded;
pub(crate) mod in_transaction;
pub(crate) mod recover;

mod asked;
mod capture;
mod caught;
mod codec;
mod extract;
mod fenced;
mod finality;
mod fingerprint;
mod key;
mod layer;
mod multipart;
mod observe;
mod problem;
mod replay;
mod rerun;
mod serve;
mod serve_within;
mod service;
pub(crate) mod shown;
mod traceparent;

#[cfg(feature = "admin")]
pub(crate) use self::codec::decode as stored_response;
pub use self::extract::IdempotencyKey;
pub use self::in_transaction::InTransaction;
#[cfg(feature = "admin")]
pub(crate) use self::key::parse as parse_key;
pub use self::layer::{IdempotencyLayer, IdempotencyService};
pub use self::observe::{ObserveLayer, ObserveService};
pub use self::replay::REPLAYED;
