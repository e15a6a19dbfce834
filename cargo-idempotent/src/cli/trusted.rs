//! Whose certificates are believed, for `run` and `record` alike.

use std::path::PathBuf;

use crate::net::tls::Trust;

#[derive(clap::Args)]
pub(super) struct Trusted {
    /// The authorities in this PEM file are trusted, in the place of the
    /// machine's own; may be given again for more of them
    #[arg(long, value_name = "FILE", help_heading = "Over https")]
    pub(super) cacert: Vec<PathBuf>,
    /// Check no certificates; said at the start, and in every report
    #[arg(long, conflicts_with = "cacert", help_heading = "Over https")]
    pub(super) insecure: bool,
}

impl Trusted {
    pub(super) fn trust(&self) -> Trust {
        if self.insecure {
            Trust::Unchecked
        } else if self.cacert.is_empty() {
            Trust::Platform
        } else {
            Trust::Authorities(self.cacert.clone())
        }
    }
}
