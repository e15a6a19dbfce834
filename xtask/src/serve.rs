//! `cargo xtask servers`: the private servers by hand.

use std::ffi::OsString;
use std::process::Command;
use std::thread;
use std::time::Duration;

use xtask::Deadline;
use xtask::servers::{Fleet, Kind};

use crate::failure::{Failure, Outcome};
use crate::install::{self, Need};
use crate::interrupt::Interrupt;
use crate::run::must_succeed;

const HELP: &str = "\
Start private database servers: PostgreSQL, MariaDB, Redis, and a Redis Cluster
of 3 primaries and 3 replicas. Each listens on a free loopback port, keeps its
data in a temporary directory, and ends with this command, however it ends.

Usage: cargo xtask servers [--only NAME,…] [-- COMMAND [ARGUMENT…]]

  --only NAME,…   only these: postgres, mysql, redis, redis-cluster
  -- COMMAND      run COMMAND with the URLs in its environment, then stop

Without a COMMAND the URLs are printed as `export` lines for another terminal,
and the servers run until Ctrl-C. For example, to try one test again and again:

  cargo xtask servers --only redis -- cargo test -p tests --features redis
";

/// Runs the command.
pub(crate) fn main(mut arguments: lexopt::Parser, interrupt: &Interrupt) -> Outcome<()> {
    use lexopt::prelude::{Long, Short, Value};

    let mut kinds = Kind::ALL.to_vec();
    let mut command: Vec<OsString> = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("only") => kinds = named(&arguments.value()?.to_string_lossy())?,
            Long("help") | Short('h') => {
                print!("{HELP}");
                return Ok(());
            }
            Value(program) => {
                command.push(program);
                command.extend(arguments.raw_args()?);
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let fleet = start(&kinds, interrupt)?;
    if let Some((program, arguments)) = command.split_first() {
        let mut command = Command::new(program);
        command.args(arguments).envs(fleet.environment());
        return must_succeed(&mut command, interrupt);
    }
    for (variable, value) in fleet.environment() {
        println!("export {variable}='{value}'");
    }
    println!("Ctrl-C stops them");
    while interrupt.check().is_ok() {
        thread::sleep(Duration::from_millis(50));
    }
    println!("stopping");
    Ok(())
}

/// Installs and starts servers, and says how long that took.
pub(crate) fn start(kinds: &[Kind], interrupt: &Interrupt) -> Outcome<Fleet> {
    install::make_sure(&Need::servers(kinds), interrupt)?;
    let took = Deadline::never();
    let fleet = Fleet::start(kinds)?;
    interrupt.check()?;
    if !kinds.is_empty() {
        let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
        println!("started {} in {:.1?}", names.join(", "), took.elapsed());
    }
    Ok(fleet)
}

fn named(list: &str) -> Outcome<Vec<Kind>> {
    list.split(',')
        .map(|name| {
            Kind::from_name(name.trim()).ok_or_else(|| {
                Failure::Usage(format!(
                    "no server `{name}`; there are postgres, mysql, redis, redis-cluster"
                ))
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_a_list_of_names() {
        let kinds = named("redis, mysql").expect("both are known");
        assert_eq!(kinds, [Kind::Redis, Kind::MariaDb]);
        assert!(named("redis,oracle").is_err());
    }
}
