//! A private `ChromeDriver`, by which tests drive Debian's Chromium: a port and a
//! directory of its own. Both are of one version, as Debian's packages see to.
//!
//! It is no store, and so no [`Kind`](super::Kind): no fleet starts one.

use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};

use rustix::process::Signal;

use super::launch::Launch;
use super::process::Process;
use super::programs::find;
use super::{Result, Server, data, ports};

/// It depends on Chromium itself, of exactly its version.
const PACKAGE: &str = "chromium-driver";

/// A running `ChromeDriver`. The browsers that it started end with it.
pub struct ChromeDriver {
    process: Process,
    port: u16,
}

impl ChromeDriver {
    /// The name on command lines and of the Cargo feature of its tests.
    pub const NAME: &'static str = "browser";

    /// Starts one in `dir`, which must not exist yet.
    ///
    /// # Errors
    /// When Chromium or its driver is not installed, or does not start.
    pub fn start(dir: &Path) -> Result<Self> {
        let program = Self::driver()?;
        // As who we are: it reads only pages that the tests themselves serve.
        data::create(dir, None)?;
        ports::on_free(|port| {
            let process = Process::start(Launch {
                name: format!("ChromeDriver on port {port}"),
                program: program.clone(),
                args: vec![format!("--port={port}"), "--log-level=WARNING".to_owned()],
                dir: dir.to_owned(),
                account: None,
                abrupt: Signal::KILL,
                // It serves as soon as it listens.
                ready: Box::new(move || TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()),
            })?;
            Ok(Self { process, port })
        })
    }

    /// The flags of a browser without a window, whose profile is new and lies
    /// in the driver's directory, and which asks nobody but the pages under
    /// test for anything.
    pub fn flags(&self) -> Vec<String> {
        let mut flags: Vec<String> = [
            "--headless",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
        ]
        .map(str::to_owned)
        .into();
        let profile = self.process.dir().join("profile");
        flags.push(format!("--user-data-dir={}", profile.display()));
        if rustix::process::geteuid().is_root() {
            // Chromium's sandbox refuses root.
            flags.push("--no-sandbox".to_owned());
        }
        flags
    }

    /// Looks whether its programs are installed.
    ///
    /// # Errors
    /// [`Error::Missing`](super::Error::Missing) names the first that is not.
    pub fn look() -> Result<()> {
        find(&["chromium"], PACKAGE)?;
        Self::driver().map(|_| ())
    }

    fn driver() -> Result<PathBuf> {
        find(&["chromedriver"], PACKAGE)
    }
}

impl Server for ChromeDriver {
    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn process(&mut self) -> &mut Process {
        &mut self.process
    }
}
