//! Where the servers' programs lie: on the PATH, or where Debian puts what an
//! ordinary user is not meant to call.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Error, Result};

/// Folders besides the PATH. `cron` and CI often lack the `sbin` ones.
const SYSTEM: [&str; 3] = ["/usr/sbin", "/usr/local/sbin", "/sbin"];

/// The first of `names` that is installed.
pub(crate) fn find(names: &[&'static str], package: &'static str) -> Result<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path)
        .chain(SYSTEM.iter().map(PathBuf::from))
        .collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|file| file.is_file())
        .ok_or(Error::Missing {
            program: names[0],
            package,
        })
}

/// The folder with PostgreSQL's own programs, of the newest version: Debian
/// keeps them off the PATH, one folder for each version.
pub(super) fn postgres_folder() -> Result<PathBuf> {
    if let Some(newest) = newest_version(Path::new("/usr/lib/postgresql")) {
        return Ok(newest);
    }
    let initdb = find(&["initdb"], "postgresql")?;
    let initdb = initdb.canonicalize().unwrap_or(initdb);
    Ok(initdb.parent().unwrap_or(Path::new("/")).to_owned())
}

fn newest_version(root: &Path) -> Option<PathBuf> {
    fs::read_dir(root)
        .ok()?
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            let bin = entry.path().join("bin");
            bin.join("postgres").is_file().then_some((version, bin))
        })
        .max()
        .map(|(_, bin)| bin)
}
