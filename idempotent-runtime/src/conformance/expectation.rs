//! How a case says that its store broke a promise.

use std::error::Error;
use std::fmt;

use crate::store::StoreError;

/// What a case, or a part of one, comes to.
pub(super) type Checked<T = ()> = Result<T, Failure>;

/// What was expected, and what the store did instead.
#[derive(Debug)]
pub(super) struct Failure(String);

impl Failure {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A verb that fails where it should not fails the case, with all its causes.
impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        Self(text)
    }
}

/// Ends the case unless the condition holds.
macro_rules! ensure {
    ($condition:expr, $($what:tt)+) => {
        if !$condition {
            return Err($crate::conformance::expectation::Failure::new(format!($($what)+)));
        }
    };
}

/// Ends the case unless both are equal.
macro_rules! ensure_eq {
    ($got:expr, $expected:expr, $($what:tt)+) => {
        match (&$got, &$expected) {
            (got, expected) => $crate::conformance::expectation::ensure!(
                got == expected,
                "{}: expected {expected:?}, got {got:?}",
                format_args!($($what)+)
            ),
        }
    };
}

pub(super) use {ensure, ensure_eq};
