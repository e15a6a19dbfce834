//! What the examples and their tests share: the payments service, as a user
//! would write it, and a small HTTP client to show it with.

#[cfg(feature = "admin")]
pub mod admin;
pub mod client;
#[cfg(feature = "observed")]
mod metrics;
#[cfg(feature = "observed")]
pub mod observed;
pub mod payments;
