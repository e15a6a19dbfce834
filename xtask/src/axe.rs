//! axe-core, the checker of accessibility that browser tests run in each page:
//! one pinned package of the npm registry, known by its hash, kept in a cache
//! directory and never in the repository.

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::servers::{self, find};

/// The package and its version.
const PACKAGE: &str = "axe-core@4.14.1";
/// The SHA-512 of its tarball, as the registry's own `integrity` says too.
const SHA512: &str = "1477dafa598d8d065f273d6af302aa203c02e83131707b7fa648cd41bd3d6b73\
                      4f8c22a0dab86ee6a6f64b8afbe804b214d36db85a2826965edfb3a0b9d546b5";
const TARBALL: &str = "axe-core-4.14.1.tgz";
const SCRIPT: &str = "package/axe.min.js";

/// Why there is no axe-core.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A program is not installed.
    #[error(transparent)]
    Missing(#[from] servers::Error),
    /// The registry could not be reached, or does not have it.
    #[error(
        "cannot fetch {PACKAGE} by npm; see that npm reaches its registry, or put {TARBALL} into {cache}:\n{said}"
    )]
    Fetch {
        /// Where the tarball is kept.
        cache: String,
        /// What npm said.
        said: String,
    },
    /// Other bytes than those that are pinned.
    #[error("{file} is not the {PACKAGE} that is pinned: its SHA-512 is {found}; remove it")]
    Hash {
        /// The file, or what was fetched in its place.
        file: String,
        /// What it has.
        found: String,
    },
    /// The system refused something.
    #[error("cannot {doing}: {source}")]
    Io {
        /// What was to be done.
        doing: String,
        /// The system's own words.
        source: io::Error,
    },
}

/// The script, which defines `axe` in a page; from `cache`, or fetched into it.
///
/// # Errors
/// When it can neither be found nor fetched, or is another one than is pinned.
pub fn script(cache: &Path) -> Result<String, Error> {
    let tarball = cache.join(TARBALL);
    if !tarball.is_file() {
        fetch(cache, &tarball)?;
    }
    let found = sha512(&tarball)?;
    if found != SHA512 {
        let file = tarball.display().to_string();
        return Err(Error::Hash { file, found });
    }
    let mut tar = Command::new("tar");
    tar.args(["-xzO", "-f"]).arg(&tarball).arg(SCRIPT);
    let script = output(&mut tar)?;
    String::from_utf8(script).map_err(|error| Error::io("read axe-core")(io::Error::other(error)))
}

/// Looks whether what fetches it is installed.
///
/// # Errors
/// [`servers::Error::Missing`] when npm is not.
pub fn look() -> servers::Result<()> {
    find(&["npm"], "npm").map(|_| ())
}

fn fetch(cache: &Path, tarball: &Path) -> Result<(), Error> {
    let npm = find(&["npm"], "npm")?;
    // Beside its place, so that whoever looks finds it whole or not at all.
    let own = cache.join(format!("axe-core-{}", std::process::id()));
    fs::create_dir_all(&own).map_err(Error::io(format!("create {}", own.display())))?;
    let packed = Command::new(npm)
        .args(["pack", PACKAGE, "--silent", "--pack-destination"])
        .arg(&own)
        .current_dir(&own)
        .stdin(Stdio::null())
        .output()
        .map_err(Error::io("start npm"))?;
    let moved = fs::rename(own.join(TARBALL), tarball);
    // What is left of it is of no use, and in nobody's way.
    let _ = fs::remove_dir_all(&own);
    moved.map_err(|_| Error::Fetch {
        cache: cache.display().to_string(),
        said: String::from_utf8_lossy(&packed.stderr).trim().to_owned(),
    })
}

fn sha512(file: &Path) -> Result<String, Error> {
    let line = output(Command::new("sha512sum").arg(file))?;
    let line = String::from_utf8_lossy(&line);
    // A file whose name is escaped has a backslash before its hash.
    let hash = line.trim_start_matches('\\').split(' ').next();
    Ok(hash.unwrap_or_default().to_owned())
}

/// What a program wrote, if it ended well.
fn output(command: &mut Command) -> Result<Vec<u8>, Error> {
    let name = command.get_program().to_string_lossy().into_owned();
    let done = command
        .stdin(Stdio::null())
        .output()
        .map_err(Error::io(format!("start {name}")))?;
    if done.status.success() {
        return Ok(done.stdout);
    }
    let said = String::from_utf8_lossy(&done.stderr).trim().to_owned();
    Err(Error::io(format!("run {name}"))(io::Error::other(said)))
}

impl Error {
    /// For `map_err`: names what was being done.
    fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let doing = doing.into();
        move |source| Self::Io { doing, source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::servers::Scratch;

    #[test]
    fn other_bytes_than_the_pinned_ones_are_refused() {
        let cache = Scratch::new().expect("a directory");
        fs::write(cache.join(TARBALL), "not axe").expect("writes");
        let refusal = script(cache.path()).expect_err("a wrong hash");
        let said = refusal.to_string();
        assert!(said.contains("SHA-512 is e075c70b778c"), "{said}");
    }
}
