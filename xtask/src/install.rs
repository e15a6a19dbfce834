//! Sees to it that the servers' programs are installed: by apt-get where we may,
//! else by one command for the reader.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use xtask::servers::{self, ChromeDriver, Error, Kind, Prometheus};
use xtask::{Deadline, axe, python};

use crate::failure::{Failure, Outcome};
use crate::interrupt::Interrupt;
use crate::run::must_succeed;
use crate::services::NoServices;

/// What a run needs on the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// A store's server.
    Server(Kind),
    /// Prometheus, and its tool for rules.
    Prometheus,
    /// Chromium and its driver.
    Browser,
    /// What fetches axe-core.
    Npm,
    /// What a service in another language runs in.
    Python,
}

impl Need {
    /// The servers of `kinds`.
    pub(crate) fn servers(kinds: &[Kind]) -> Vec<Self> {
        kinds.iter().copied().map(Self::Server).collect()
    }

    fn look(self) -> servers::Result<()> {
        match self {
            Self::Server(kind) => kind.look(),
            Self::Prometheus => Prometheus::look(),
            Self::Browser => ChromeDriver::look(),
            Self::Npm => axe::look(),
            Self::Python => python::look(),
        }
    }
}

/// Installs what is lacking of `needs`.
pub(crate) fn make_sure(needs: &[Need], interrupt: &Interrupt) -> Outcome<()> {
    let packages = missing(needs)?;
    if packages.is_empty() {
        return Ok(());
    }
    let words: Vec<&str> = packages.iter().copied().collect();
    let words = words.join(" ");
    if !Path::new("/usr/bin/apt-get").is_file() {
        return Err(Failure::Chore(format!(
            "install what these Debian packages bring, or leave it out with --exclude: {words}"
        )));
    }
    if !rustix::process::geteuid().is_root() {
        return Err(Failure::Chore(format!(
            "some servers are not installed; run this once (or leave them out with --exclude):\n  \
             sudo apt-get update && sudo apt-get install --no-install-recommends --yes {words}"
        )));
    }
    println!("installing {words}");
    let took = Deadline::never();
    let _no_services = NoServices::for_now()?;
    must_succeed(apt_get().args(["update", "--quiet"]), interrupt)?;
    must_succeed(
        apt_get()
            .args(["install", "--quiet", "--yes", "--no-install-recommends"])
            .args(&packages),
        interrupt,
    )?;
    println!("installed {words} in {:.0?}", took.elapsed());
    // Says which program is still not where it should be.
    needs
        .iter()
        .try_for_each(|need| need.look())
        .map_err(Failure::from)
}

fn missing(needs: &[Need]) -> Outcome<BTreeSet<&'static str>> {
    let mut packages = BTreeSet::new();
    for need in needs {
        match need.look() {
            Ok(()) => {}
            Err(Error::Missing { package, .. }) => {
                packages.insert(package);
            }
            Err(other) => return Err(other.into()),
        }
    }
    Ok(packages)
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}
