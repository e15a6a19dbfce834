//! Whose contract a service is judged by.

mod contract;

pub(crate) use contract::Contract;
#[cfg(feature = "cli")]
pub(crate) use contract::clause;

use serde::{Deserialize, Serialize};

/// What a service promises.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum, schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Profile {
    /// The draft "The Idempotency-Key HTTP Header Field", version 07
    Ietf,
    /// Stripe's published behaviour
    Stripe,
    /// What idempotent-runtime promises
    #[default]
    Default,
    /// No key: idempotent by the method alone
    Natural,
}
