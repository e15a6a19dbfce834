//! Python 3, which tests run a service of another language in.

use crate::servers::{self, find};

/// Sees whether it is installed.
///
/// # Errors
/// [`servers::Error::Missing`] when it is not.
pub fn look() -> servers::Result<()> {
    find(&["python3"], "python3").map(|_| ())
}
