//! While it lives, installing a package starts no service: our servers are
//! private, and the machine's own business is not ours.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use xtask::Watchdog;

use crate::failure::{Failure, Outcome};

/// Debian asks this program before a package starts a service; 101 means no.
const POLICY: &str = "/usr/sbin/policy-rc.d";

/// A policy of "no service" for the time of an installation.
#[derive(Debug)]
pub(crate) struct NoServices {
    /// None where the machine has a policy of its own, which then holds.
    ours: Option<Watchdog>,
}

impl NoServices {
    /// Lays the policy, unless there is one.
    pub(crate) fn for_now() -> Outcome<Self> {
        let path = Path::new(POLICY);
        if path.exists() {
            return Ok(Self { ours: None });
        }
        // A machine on which no service would start ever again is worse than a
        // stray server: the watchdog comes first.
        let watchdog = Watchdog::removes(path).map_err(Failure::doing("start `sh`"))?;
        let guard = Self {
            ours: Some(watchdog),
        };
        fs::write(path, "#!/bin/sh\nexit 101\n")
            .and_then(|()| fs::set_permissions(path, Permissions::from_mode(0o755)))
            .map_err(Failure::doing(format!("write {POLICY}")))?;
        Ok(guard)
    }
}

impl Drop for NoServices {
    fn drop(&mut self) {
        if self.ours.is_some() {
            // Not there only when it could not be written.
            let _ = fs::remove_file(POLICY);
        }
    }
}
