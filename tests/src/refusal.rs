//! The error of the functions under test.

use idempotent_runtime::Error;
use serde::{Deserialize, Serialize};

/// Why a function gave no value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// Its own reason.
    Declined(String),
    /// The runtime's, by its code.
    Runtime(String),
}

impl Refusal {
    /// The function's own refusal.
    pub fn declined(reason: impl Into<String>) -> Self {
        Self::Declined(reason.into())
    }

    /// The runtime's refusal with this code.
    pub fn runtime(code: &str) -> Self {
        Self::Runtime(code.into())
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::runtime(error.code())
    }
}
