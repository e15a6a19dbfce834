//! What `--mode` says.

use std::str::FromStr;

/// How an effect and its answer are kept together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// A lease guards the attempt; effect and answer are two commits.
    #[default]
    Lease,
    /// Key, effect and answer are one commit of one database.
    Transactional,
}

/// A word that is no mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("--mode is lease or transactional")]
pub struct UnknownMode;

impl FromStr for Mode {
    type Err = UnknownMode;

    fn from_str(text: &str) -> Result<Self, UnknownMode> {
        match text {
            "lease" => Ok(Self::Lease),
            "transactional" => Ok(Self::Transactional),
            _ => Err(UnknownMode),
        }
    }
}
