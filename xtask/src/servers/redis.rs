//! A private Redis (or Valkey) node that syncs each write to disk and never
//! evicts.

use std::path::Path;

use rustix::process::Signal;

use super::account::Account;
use super::launch::Launch;
use super::process::Process;
use super::programs::find;
use super::{Kind, Result, Server, data, ports, resp};

const SERVER: [&str; 2] = ["redis-server", "valkey-server"];

/// A running Redis node.
pub struct Redis {
    process: Process,
    port: u16,
}

impl Redis {
    /// Starts a node with an empty data set in `dir`, which must not exist yet.
    ///
    /// # Errors
    /// When Redis is not installed, or does not start.
    pub fn start(dir: &Path) -> Result<Self> {
        Self::start_with(dir, |_| Ok(Vec::new()))
    }

    /// Starts a node with settings of its caller's besides.
    pub(super) fn start_with(
        dir: &Path,
        extra: impl Fn(u16) -> Result<Vec<String>>,
    ) -> Result<Self> {
        let program = find(&SERVER, Kind::Redis.package())?;
        let account = Account::for_server("redis")?;
        data::create(dir, account.as_ref())?;
        ports::on_free(|port| {
            let mut args = arguments(dir, port);
            args.extend(extra(port)?);
            let process = Process::start(Launch {
                name: format!("Redis on port {port}"),
                program: program.clone(),
                args,
                dir: dir.to_owned(),
                account: account.clone(),
                abrupt: Signal::KILL,
                ready: Box::new(move || {
                    resp::call(port, &["PING"]).is_ok_and(|reply| reply == "PONG")
                }),
            })?;
            Ok(Self { process, port })
        })
    }

    /// The loopback port that it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl Server for Redis {
    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    fn process(&mut self) -> &mut Process {
        &mut self.process
    }
}

/// Looks whether the program is installed.
pub(super) fn look() -> Result<()> {
    find(&SERVER, Kind::Redis.package()).map(|_| ())
}

fn arguments(dir: &Path, port: u16) -> Vec<String> {
    let (port, dir) = (port.to_string(), dir.display().to_string());
    [
        ["--port", &port],
        ["--bind", "127.0.0.1"],
        ["--dir", &dir],
        ["--appendonly", "yes"],
        ["--appendfsync", "always"],
        ["--maxmemory-policy", "noeviction"],
        ["--save", ""],
    ]
    .concat()
    .into_iter()
    .map(str::to_owned)
    .collect()
}
