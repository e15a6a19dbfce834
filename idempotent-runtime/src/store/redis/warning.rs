//! What is less than it could be with a server that is fit all the same.

use std::fmt;

/// A finding of a check that refuses nothing. Its `Display` says what follows
/// from it, and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum RedisWarning {
    /// The append-only file is off.
    NoAppendOnlyFile,
    /// The policy would evict records, if there were a bound of memory.
    WouldEvict,
    /// The server is older than Redis 7.
    OlderThanSeven,
    /// Messages to waiting duplicates cannot be sent or heard.
    NotificationsFail,
    /// The server does not tell its settings.
    Unseen,
}

impl fmt::Display for RedisWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoAppendOnlyFile => {
                "the append-only file is off: a restart forgets records, and their retries run \
                 again; set `appendonly yes`, and `appendfsync always` to lose none"
            }
            Self::WouldEvict => {
                "maxmemory-policy would evict running attempts once a maxmemory is set; set \
                 `maxmemory-policy noeviction`"
            }
            Self::OlderThanSeven => {
                "the server is older than Redis 7: while it is out of memory, finished attempts \
                 cannot be recorded"
            }
            Self::NotificationsFail => {
                "messages to waiting duplicates cannot be sent or heard: they poll instead; \
                 grant the channels (&PREFIX*) and the commands publish and subscribe, or \
                 spublish and ssubscribe in a cluster"
            }
            Self::Unseen => {
                "the server does not tell its settings: make sure yourself that maxmemory-policy \
                 is noeviction"
            }
        })
    }
}
