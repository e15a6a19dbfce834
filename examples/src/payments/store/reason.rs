//! What went wrong, in one line.

use std::error::Error;

/// An error and all that caused it. Those of the stores and ledgers hold no
/// part of a URL.
pub(in crate::payments) fn reason(error: &(dyn Error + 'static)) -> String {
    let mut causes = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        causes.push(cause.to_string());
        next = cause.source();
    }
    causes.join(": ")
}
