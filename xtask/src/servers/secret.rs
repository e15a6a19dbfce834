//! Random names and passwords from the system.

use std::fs::File;
use std::io::Read;

use super::{Error, Result};

/// `bytes` random bytes in hexadecimal. A password guards even a private
/// server: a superuser without one would be anybody's on this machine.
pub(super) fn hex(bytes: usize) -> Result<String> {
    let mut buffer = vec![0; bytes];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut buffer))
        .map_err(Error::io("read /dev/urandom"))?;
    Ok(buffer
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}")))
}
