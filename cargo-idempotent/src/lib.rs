//! Tests any HTTP service's idempotency from its recorded traffic.
//!
//! The command is `cargo idempotent`; see the README. As a library, without the
//! feature `cli`, this crate reads and writes the formats that recorded traffic
//! comes in:
//!
//! ```
//! use cargo_idempotent::{export, import};
//!
//! let file = "POST http://localhost:8080/orders\nContent-Type: application/json\n\n{\"amount\": 1}\n";
//! let read = import::text(import::Format::Http, "orders.http", file);
//! assert!(read.problems.is_empty());
//! println!("{}", export::hurl(&read.cases));
//! ```

pub mod case;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
mod demo;
pub mod export;
#[cfg(feature = "cli")]
mod generate;
pub mod import;
#[cfg(feature = "cli")]
mod net;
#[cfg(feature = "cli")]
mod oracle;
#[cfg(feature = "cli")]
mod plan;
mod problem;
mod profile;

#[cfg(feature = "cli")]
mod race;
#[cfg(feature = "cli")]
mod record;
#[cfg(feature = "cli")]
mod report;
#[cfg(feature = "cli")]
mod run;
#[cfg(feature = "cli")]
mod scenario;
#[cfg(feature = "cli")]
mod verdict;

mod random;
mod service;
mod whole;

pub use problem::Problem;
pub use profile::Profile;
pub use service::{Check, Checked, Failed, Service, service};
