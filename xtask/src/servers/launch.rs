//! How a server is started, and what a start leaves behind: `log` and `pid` in
//! the server's directory, and a watchdog.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::process::Signal;

use super::account::Account;
use super::{Error, Result};
use crate::Watchdog;

/// How to start a server, and how to tell that it serves.
pub(super) struct Launch {
    /// For messages: the kind and its port.
    pub(super) name: String,
    pub(super) program: PathBuf,
    pub(super) args: Vec<String>,
    /// The server's own directory: its working directory, with `log` and `pid`.
    pub(super) dir: PathBuf,
    pub(super) account: Option<Account>,
    /// The most abrupt end that leaves nothing behind.
    pub(super) abrupt: Signal,
    pub(super) ready: Box<dyn Fn() -> bool + Send + Sync>,
}

/// A started server, and its guard.
pub(super) struct Running {
    pub(super) child: Child,
    _watchdog: Watchdog,
}

impl Launch {
    /// What the server writes to its standard output and error.
    pub(super) fn log(&self) -> PathBuf {
        self.dir.join("log")
    }

    /// Starts the server; it need not serve yet.
    pub(super) fn spawn(&self) -> Result<Running> {
        let name = &self.name;
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.log())
            .map_err(Error::io(format!("open the log of {name}")))?;
        let errors = log
            .try_clone()
            .map_err(Error::io(format!("share the log of {name}")))?;
        let mut command = Command::new(&self.program);
        command
            .args(&self.args)
            .current_dir(&self.dir)
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .process_group(0);
        if let Some(account) = &self.account {
            account.adopt(&mut command);
        }
        let mut child = command
            .spawn()
            .map_err(Error::io(format!("start {name}")))?;
        let guarded = Watchdog::ends_group(child.id(), signal_name(self.abrupt)).and_then(|dog| {
            fs::write(self.dir.join("pid"), child.id().to_string())?;
            Ok(dog)
        });
        match guarded {
            Ok(watchdog) => Ok(Running {
                child,
                _watchdog: watchdog,
            }),
            Err(error) => {
                // It may be dead already; unguarded it must not live.
                let _ = child.kill();
                let _ = child.wait();
                Err(Error::io(format!("guard {name}"))(error))
            }
        }
    }
}

/// The last lines of a log, for a message.
pub(super) fn log_tail(path: &Path) -> String {
    const LINES: usize = 25;
    let log = fs::read(path).unwrap_or_default();
    let log = String::from_utf8_lossy(&log);
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}

fn signal_name(signal: Signal) -> &'static str {
    if signal == Signal::QUIT {
        "QUIT"
    } else {
        "KILL"
    }
}
