//! The command line.

use std::ffi::OsString;
use std::time::Duration;

use lexopt::ValueExt;
use lexopt::prelude::{Long, Short};

pub(super) const HELP: &str = "\
A service with planted faults, and what its detectors make of them.

Usage: observed [--serve] [--port PORT] [--every SECONDS]

  --serve          go on after the findings: serve /metrics, and repeat the traffic
  --port PORT      where to listen on 127.0.0.1 (a free one)
  --every SECONDS  how long to rest between two rounds (5)
";

pub(super) struct Flags {
    pub(super) serve: bool,
    /// 0 takes a free one.
    pub(super) port: u16,
    pub(super) every: Duration,
}

impl Flags {
    /// None where help was asked for.
    pub(super) fn parse(
        arguments: impl Iterator<Item = OsString>,
    ) -> Result<Option<Self>, lexopt::Error> {
        let mut flags = Self {
            serve: false,
            port: 0,
            every: Duration::from_secs(5),
        };
        let mut arguments = lexopt::Parser::from_args(arguments);
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("serve") => flags.serve = true,
                Long("port") => flags.port = arguments.value()?.parse()?,
                Long("every") => flags.every = Duration::from_secs(arguments.value()?.parse()?),
                Long("help") | Short('h') => return Ok(None),
                other => return Err(other.unexpected()),
            }
        }
        Ok(Some(flags))
    }
}
