//! The command line.

mod duration;
mod mode;

use std::ffi::OsString;
use std::time::Duration;

use lexopt::ValueExt;
use lexopt::prelude::{Long, Short};

pub use self::mode::Mode;
use self::mode::UnknownMode;
use super::store::{StoreChoice, StoreRefused};

pub(super) const HELP: &str = "\
A payments service that never pays twice for one idempotency key.

Usage: payments [--listen ADDR] [--store STORE] [--mode MODE] [--lease DURATION]
                [--ttl DURATION] [--max-records N]

  --listen ADDR     where to listen (127.0.0.1:3000); port 0 takes a free one
  --store STORE     where keys and answers are kept (memory):
                      memory          in this process
                      none            nowhere: every request runs; only to see
                                      tests fail
                      sqlite:FILE
                      postgres://USER:PASSWORD@HOST:PORT/DATABASE
                      mysql://USER:PASSWORD@HOST:PORT/DATABASE
                      redis://HOST:PORT/0
                      redis-cluster://HOST:PORT,HOST:PORT,…
                    In a database, the payments are kept there too, and every
                    instance of the service on it shares them. Tables are made
                    and brought up to date at the start. Each database is a Cargo
                    feature of its name, such as `--features postgres`. Keys of
                    Redis begin with `payments:`, or what `?prefix=…` says.
  --mode MODE       how a payment and its answer are kept together (lease):
                      lease           two commits; an attempt that dies between
                                      them is run again
                      transactional   one commit, of sqlite, postgres or mysql: a
                                      payment is made exactly once
                    Each mode has keys and answers of its own.
  --lease DURATION  for how long an attempt holds without a sign of life (30s)
  --ttl DURATION    for how long answers are replayed (24h)
  --max-records N   the most keys in memory; beyond it requests get 503

GET /metrics has what Prometheus scrapes, in a build with the feature `observed`.
A duration is a number with a unit, or several: 500ms, 30s, 1m30s, 24h, 7d.
";

/// How the service is to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flags {
    /// Where to listen: a host and a port.
    pub listen: String,
    /// Where keys and answers are kept.
    pub store: StoreChoice,
    /// How an effect and its answer are kept together.
    pub mode: Mode,
    /// For how long an attempt holds; the library's default where `None`.
    pub lease: Option<Duration>,
    /// For how long answers are replayed; the library's default where `None`.
    pub ttl: Option<Duration>,
    /// The most records of the memory store; its default where `None`.
    pub max_records: Option<usize>,
}

impl Default for Flags {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:3000".to_owned(),
            store: StoreChoice::Memory,
            mode: Mode::Lease,
            lease: None,
            ttl: None,
            max_records: None,
        }
    }
}

impl Flags {
    /// Reads the arguments after the program's name; `None` where help is
    /// asked for.
    pub fn parse(
        arguments: impl IntoIterator<Item = OsString>,
    ) -> Result<Option<Self>, FlagsError> {
        let mut arguments = lexopt::Parser::from_args(arguments);
        let mut flags = Self::default();
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("listen") => flags.listen = arguments.value()?.string()?,
                Long("store") => flags.store = arguments.value()?.string()?.parse()?,
                Long("mode") => flags.mode = arguments.value()?.string()?.parse()?,
                Long("lease") => flags.lease = Some(duration("--lease", &mut arguments)?),
                Long("ttl") => flags.ttl = Some(duration("--ttl", &mut arguments)?),
                Long("max-records") => flags.max_records = Some(arguments.value()?.parse()?),
                Long("help") | Short('h') => return Ok(None),
                other => return Err(other.unexpected().into()),
            }
        }
        if flags.max_records.is_some() && flags.store != StoreChoice::Memory {
            return Err(FlagsError::MaxRecords);
        }
        if flags.mode == Mode::Transactional && !flags.store.has_transactions() {
            return Err(FlagsError::NoTransactions);
        }
        Ok(Some(flags))
    }
}

fn duration(flag: &'static str, arguments: &mut lexopt::Parser) -> Result<Duration, FlagsError> {
    let value = arguments.value()?.string()?;
    duration::parse(&value).ok_or(FlagsError::Duration { flag, value })
}

/// What is wrong with the command line.
#[derive(Debug, thiserror::Error)]
pub enum FlagsError {
    /// An argument is unknown, or lacks its value.
    #[error("{0}; --help lists the flags")]
    Arguments(#[from] lexopt::Error),
    /// Not a duration.
    #[error("`{value}` is no duration for {flag}; write 500ms, 30s, 1m30s, 24h or 7d")]
    Duration {
        /// Where it stands.
        flag: &'static str,
        /// What stands there.
        value: String,
    },
    /// Not a store, or not one of this build.
    #[error(transparent)]
    Store(#[from] StoreRefused),
    /// Not a mode.
    #[error(transparent)]
    Mode(#[from] UnknownMode),
    /// The store has none that could carry a payment.
    #[error(
        "--mode transactional needs a store whose transactions hold the payments too: sqlite, \
         postgres or mysql"
    )]
    NoTransactions,
    /// Only the memory store is bounded by us.
    #[error("--max-records bounds the memory store only; leave it out, or use --store memory")]
    MaxRecords,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Option<Flags>, FlagsError> {
        Flags::parse(line.split_whitespace().map(OsString::from))
    }

    fn refusal(line: &str) -> String {
        parse(line).map_or_else(|error| error.to_string(), |_| format!("{line} was taken"))
    }

    #[test]
    fn reads_every_flag_and_has_a_default_for_each() {
        let all = "--listen [::1]:0 --store none --lease 500ms --ttl=1d12h";
        let all = parse(all).unwrap().unwrap();
        assert_eq!(
            (all.listen.as_str(), all.store),
            ("[::1]:0", StoreChoice::None)
        );
        assert_eq!(all.mode, Mode::Lease);
        assert_eq!(all.lease, Some(Duration::from_millis(500)));
        assert_eq!(all.ttl, Some(Duration::from_hours(36)));
        let bounded = parse("--max-records 10").unwrap().unwrap();
        assert_eq!(bounded.max_records, Some(10));
        assert_eq!(bounded.listen, "127.0.0.1:3000");
        assert_eq!(parse("").unwrap(), Some(Flags::default()));
        assert_eq!(parse("--help").unwrap(), None);
    }

    #[test]
    fn says_what_is_wrong_and_what_to_write() {
        for (line, says) in [
            (
                "--lease soon",
                "`soon` is no duration for --lease; write 500ms",
            ),
            ("--listen", "missing argument"),
            ("--max-records many", "invalid digit"),
            ("--max-records 5 --store none", "--store memory"),
            ("--mode fast", "lease or transactional"),
            ("--mode transactional", "sqlite, postgres or mysql"),
            ("--prot 80", "'--prot'"),
            ("everything", "\"everything\""),
        ] {
            let refusal = refusal(line);
            assert!(refusal.contains(says), "{line}: {refusal}");
        }
    }
}
