//! A directory for servers' data, outside the repository, that is removed at
//! the end, also after `kill -9`.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::{Error, Result, secret};
use crate::Watchdog;

/// A temporary directory. Drop it after the servers that live in it.
#[derive(Debug)]
pub struct Scratch {
    path: PathBuf,
    _watchdog: Watchdog,
}

impl Scratch {
    /// Makes a new directory below `TMPDIR`.
    ///
    /// # Errors
    /// When `TMPDIR` lies inside the repository or cannot be written to.
    pub fn new() -> Result<Self> {
        let parent = std::env::temp_dir();
        let parent = parent
            .canonicalize()
            .map_err(Error::io(format!("find {}", parent.display())))?;
        if parent.starts_with(repository()) {
            return Err(Error::InsideRepository(parent));
        }
        // Short, as a Unix socket's path must fit into 107 bytes.
        let path = parent.join(format!("idempotent-{}", secret::hex(4)?));
        fs::create_dir(&path).map_err(Error::io(format!("create {}", path.display())))?;
        // A server that runs as another user must pass, but need not list.
        fs::set_permissions(&path, Permissions::from_mode(0o711))
            .map_err(Error::io(format!("open {} to servers", path.display())))?;
        let watchdog = Watchdog::removes(&path).map_err(Error::io("start `sh`"))?;
        Ok(Self {
            path,
            _watchdog: watchdog,
        })
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A path inside it, which need not exist.
    pub fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.path) {
            eprintln!("cannot remove {}: {error}", self.path.display());
        }
    }
}

/// The workspace's root, known since xtask was compiled.
fn repository() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_removed_with_all_that_lies_in_it() {
        let scratch = Scratch::new().expect("a scratch directory");
        let path = scratch.path().to_owned();
        fs::create_dir_all(scratch.join("a/b")).expect("creates");
        fs::write(scratch.join("a/b/c"), "d").expect("writes");
        assert!(!path.starts_with(repository()));
        drop(scratch);
        assert!(!path.exists());
    }
}
