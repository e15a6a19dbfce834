//! Run once, answer always: idempotency keys for axum handlers and for any
//! async function.
//!
//! ```
//! use axum::{Json, Router, extract::FromRef, routing::post};
//! use idempotent_runtime::{Idempotency, idempotent};
//!
//! #[derive(Clone)]
//! struct App {
//!     idempotency: Idempotency,
//! }
//!
//! impl FromRef<App> for Idempotency {
//!     fn from_ref(app: &App) -> Self {
//!         app.idempotency.clone()
//!     }
//! }
//!
//! #[idempotent(scope = public)]
//! async fn pay(Json(amount): Json<u64>) -> Json<u64> {
//!     Json(amount) // runs once for each `Idempotency-Key`
//! }
//!
//! let app = App { idempotency: Idempotency::in_memory() };
//! let router: Router = Router::new().route("/pay", post(pay)).with_state(app);
//! ```
//!
//! The chapters are in [`docs`]: [the attribute](docs::attribute),
//! [the protocol](docs::protocol), [which mode to choose](docs::choosing),
//! [exactly once](docs::exactly_once), [effects elsewhere](docs::steps), [stores](docs::stores),
//! [operating it](docs::operations).
//!
//! # Features
//!
//! `axum` (default): handlers, extractors and the tower layer. `sqlite`,
//! `postgres`, `mysql`, `redis`, `redis-cluster`: stores that processes share.
//! `encryption`: answers sealed at rest. `uuid`: `Uuid` as key and scope.
//! `utoipa`: the contract in an OpenAPI document. `client`: a `reqwest`
//! middleware that sends keys and retries. `conformance`: the suite that proves
//! a store. `metrics`: what
//! [`docs::metrics`] lists, through the `metrics` facade. `admin`: a page for
//! operators, [`docs::admin`].

#[cfg(feature = "admin")]
pub mod admin;
mod answer;
mod arguments;
mod attempt;
#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "conformance")]
pub mod conformance;
mod contract;
mod counting;
pub mod docs;
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
mod recover;
mod scope;
mod settings;
mod step;
pub mod store;
mod sweeper;
mod telemetry;
mod transactional;

pub use crate::telemetry::findings;
#[cfg(feature = "metrics")]
pub use crate::telemetry::metrics;
pub use idempotent_macros::idempotent;

pub use crate::answer::{Answer, AnswerKind, Tombstone};
pub use crate::attempt::{Attempt, LateTransaction, StepError};
pub use crate::contract::{Contract, OperationContract, spec};
pub use crate::error::Error;
pub use crate::fingerprint::{Fingerprint, FingerprintError};
pub use crate::idempotency::{Idempotency, IdempotencyBuilder};
pub use crate::key::{Key, KeyError, MAX_KEY_BYTES, ToKey};
pub use crate::lease::{DurationOutOfRange, Fence, Lease, Token, Ttl};
pub use crate::policy::Persist;
pub use crate::recover::Recovered;
pub use crate::scope::{Scope, ScopeEmpty, ScopeParts, ToScope};
pub use crate::step::{Step, Steps};
pub use crate::store::memory::{MemoryStore, MemoryStoreBuilder};
#[cfg(feature = "mysql")]
pub use crate::store::mysql::MySqlStore;
#[cfg(feature = "postgres")]
pub use crate::store::postgres::PostgresStore;
#[cfg(feature = "redis-cluster")]
pub use crate::store::redis::RedisClusterStore;
#[cfg(feature = "redis")]
pub use crate::store::redis::RedisStore;
#[cfg(feature = "sqlite")]
pub use crate::store::sqlite::SqliteStore;
pub use crate::store::{Store, Transaction};
pub use crate::sweeper::{LastSweep, SweepSchedule};
pub use crate::transactional::Transactional;
