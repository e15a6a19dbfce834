//! A server's own directory, and the program that lays its first data there.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::account::Account;
use super::launch::log_tail;
use super::{Error, Result};

/// Creates `dir` for the account that the server runs as.
pub(super) fn create(dir: &Path, account: Option<&Account>) -> Result<()> {
    fs::create_dir_all(dir).map_err(Error::io(format!("create {}", dir.display())))?;
    fs::set_permissions(dir, Permissions::from_mode(0o700))
        .map_err(Error::io(format!("close {} to others", dir.display())))?;
    account.map_or(Ok(()), |account| account.own(dir))
}

/// Writes a file that the server's account can read.
pub(super) fn write(path: &Path, content: &str, account: Option<&Account>) -> Result<()> {
    fs::write(path, content).map_err(Error::io(format!("write {}", path.display())))?;
    account.map_or(Ok(()), |account| account.own(path))
}

/// Runs a program such as `initdb` to its end, as the server's account.
pub(super) fn lay(
    mut command: Command,
    name: &str,
    dir: &Path,
    account: Option<&Account>,
) -> Result<()> {
    let path = dir.join("log");
    let log = File::create(&path).map_err(Error::io(format!("create {}", path.display())))?;
    let errors = log
        .try_clone()
        .map_err(Error::io(format!("share {}", path.display())))?;
    if let Some(account) = account {
        account.adopt(&mut command);
    }
    let status = command
        .current_dir(dir)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(log)
        .stderr(errors)
        .status()
        .map_err(Error::io(format!("start {name}")))?;
    if status.success() {
        return Ok(());
    }
    Err(Error::Ended {
        name: name.to_owned(),
        status: status.to_string(),
        log: log_tail(&path),
    })
}
