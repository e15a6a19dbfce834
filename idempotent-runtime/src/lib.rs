//! Run once, answer always: idempotency keys for axum handlers and for any
//! async function.
//!
//! See the repository's README for the first steps.

mod answer;
mod arguments;
mod attempt;
#[cfg(feature = "conformance")]
pub mod conformance;
mod engine;
mod error;
mod fingerprint;
mod function;
#[cfg(feature = "axum")]
pub mod http;
mod idempotency;
mod key;
mod lease;
mod operations;
pub mod outcome;
pub mod policy;
#[doc(hidden)]
pub mod private;
pub mod record;
mod scope;
mod settings;
pub mod store;
mod telemetry;

pub use idempotent_macros::idempotent;

pub use crate::answer::{Answer, AnswerKind, Tombstone};
pub use crate::attempt::Attempt;
pub use crate::error::Error;
pub use crate::fingerprint::{Fingerprint, FingerprintError};
pub use crate::idempotency::{Idempotency, IdempotencyBuilder};
pub use crate::key::{Key, KeyError, MAX_KEY_BYTES, ToKey};
pub use crate::lease::{DurationOutOfRange, Fence, Lease, Token, Ttl};
pub use crate::policy::Persist;
pub use crate::scope::{Scope, ScopeEmpty, ScopeParts, ToScope};
pub use crate::store::Store;
pub use crate::store::memory::{MemoryStore, MemoryStoreBuilder};
