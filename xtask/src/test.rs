//! `cargo xtask test`: every test of the workspace, and one line at the end.
//!
//! Nothing is skipped in silence: a server that cannot be started fails the run,
//! and a backend that was excluded by name counts as skipped.

use std::collections::BTreeSet;
use std::process::Command;

use xtask::servers::{ChromeDriver, Kind, Prometheus, Scratch};
use xtask::{Deadline, axe};

use crate::conformance::Conformance;
use crate::failure::{Failure, Outcome};
use crate::install::{self, Need};
use crate::interrupt::Interrupt;
use crate::results::Results;
use crate::run::{run, run_seeing};
use crate::workspace::{Workspace, cargo};
use crate::{examples, features, serve};

const HELP: &str = "\
Run every test: unit, integration, UI, examples' own, doctests. Ends with the
conformance suite's cases by backends, and a line `N passed, N failed, N skipped`;
the exit code is 0 only if nothing failed.

Usage: cargo xtask test [--exclude BACKEND,…] [--only FILTER]

  --exclude BACKEND,…  leave out the tests of these: sqlite, postgres, mysql,
                       redis, redis-cluster, prometheus, browser; each counts as
                       skipped
  --only FILTER        run only tests whose name contains FILTER

Stores are tested on real servers, started for this run as `cargo xtask servers`
does, alerts by a real Prometheus, and the admin page in a real Chromium. What is
not installed is installed with apt-get when run as root, without starting any
service; otherwise the one command to run is printed. The page's accessibility is
checked by axe-core, which npm fetches once into the target directory.
";

/// The store that needs no server.
const EMBEDDED: &str = "sqlite";

struct Options {
    excluded: BTreeSet<String>,
    filter: Option<String>,
}

/// Runs the command.
pub(crate) fn main(arguments: lexopt::Parser, interrupt: &Interrupt) -> Outcome<()> {
    let Some(options) = options(arguments)? else {
        print!("{HELP}");
        return Ok(());
    };
    let workspace = Workspace::load()?;
    let kinds: Vec<Kind> = Kind::ALL
        .into_iter()
        .filter(|kind| workspace.has_feature(kind.name()))
        .filter(|kind| !options.excluded.contains(kind.name()))
        .collect();
    let took = Deadline::never();
    let mut needs = Need::servers(&kinds);
    needs.push(Need::Python);
    if !options.excluded.contains(Prometheus::NAME) {
        needs.push(Need::Prometheus);
    }
    let in_browser = !options.excluded.contains(ChromeDriver::NAME);
    if in_browser {
        needs.extend([Need::Browser, Need::Npm]);
    }
    install::make_sure(&needs, interrupt)?;
    if in_browser {
        // Now, and not after minutes of compiling.
        axe::script(&workspace.scratch()).map_err(|error| Failure::Chore(error.to_string()))?;
    }

    let mut results = Results::default();
    let commands = commands(&options, &workspace);
    // A compile error needs no servers, and they need not wait for the compiler.
    if build(&commands, interrupt)? {
        println!("built the tests in {:.0?}", took.elapsed());
        let fleet = serve::start(&kinds, interrupt)?;
        // What the tests leave in it goes with the run.
        let temporary = Scratch::new()?;
        for mut command in commands {
            command.envs(fleet.environment());
            command.env("TMPDIR", temporary.path());
            if let Some(filter) = &options.filter {
                command.args(["--", filter]);
            }
            let status = run_seeing(&mut command, interrupt, |line| results.see(line))?;
            results.end(status.success());
        }
        prove(
            &mut results,
            &Conformance::read(fleet.directory()),
            &options,
        );
    } else {
        results.fail("the tests do not compile: see above");
    }
    for backend in &options.excluded {
        println!("skipped: {backend}, excluded on the command line");
        results.skip();
    }
    verdict(results, &took)
}

fn options(mut arguments: lexopt::Parser) -> Outcome<Option<Options>> {
    use lexopt::prelude::{Long, Short};

    let mut options = Options {
        excluded: BTreeSet::new(),
        filter: None,
    };
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("exclude") => {
                for name in arguments.value()?.to_string_lossy().split(',') {
                    options.excluded.insert(backend(name.trim())?);
                }
            }
            Long("only") => {
                options.filter = Some(arguments.value()?.to_string_lossy().into_owned());
            }
            Long("help") | Short('h') => return Ok(None),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Some(options))
}

fn backend(name: &str) -> Outcome<String> {
    if [EMBEDDED, Prometheus::NAME, ChromeDriver::NAME].contains(&name)
        || Kind::from_name(name).is_some()
    {
        return Ok(name.to_owned());
    }
    Err(Failure::Usage(format!(
        "no backend `{name}`; there are sqlite, postgres, mysql, redis, redis-cluster, prometheus, \
         browser"
    )))
}

/// What runs all tests: the workspace's, and those inside examples.
fn commands(options: &Options, workspace: &Workspace) -> Vec<Command> {
    let features = features::all_but(&options.excluded, workspace);
    let test = || {
        let mut command = cargo();
        command
            .args(["test", "--workspace", "--no-fail-fast"])
            .args(&features);
        command
    };
    let mut commands = vec![test()];
    let examples = examples::with_tests(workspace);
    if !examples.is_empty() {
        let mut command = test();
        command.args(examples);
        commands.push(command);
    }
    commands
}

fn build(commands: &[Command], interrupt: &Interrupt) -> Outcome<bool> {
    for command in commands {
        let mut build = cargo();
        build.args(command.get_args()).arg("--no-run");
        if !run(&mut build, interrupt)?.success() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Shows the suite's cases by backends. A backend on which it did not run has
/// failed, unless that was asked for.
fn prove(results: &mut Results, conformance: &Conformance, options: &Options) {
    println!("\n{conformance}");
    if options.filter.is_some() {
        return;
    }
    let kinds = Kind::ALL.into_iter().map(Kind::name);
    for backend in ["memory", EMBEDDED].into_iter().chain(kinds) {
        if !options.excluded.contains(backend) && !conformance.has(backend) {
            results.fail(&format!("the conformance suite did not run on {backend}"));
        }
    }
}

fn verdict(mut results: Results, took: &Deadline) -> Outcome<()> {
    if results.passed == 0 && results.failed == 0 {
        results.fail("no test ran: does a name contain the filter?");
    }
    for failure in &results.failures {
        println!("failed: {failure}");
    }
    println!("took {:.0?}", took.elapsed());
    println!("{results}");
    if results.failed == 0 {
        return Ok(());
    }
    Err(Failure::Said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_options_and_refuses_unknown_backends() {
        let parse = |words: &[&str]| options(lexopt::Parser::from_args(words));
        let both = parse(&["--exclude=redis,sqlite", "--only", "claim"]);
        let both = both.expect("is right").expect("asks for no help");
        assert_eq!(both.filter.as_deref(), Some("claim"));
        assert!(both.excluded.iter().eq(["redis", "sqlite"]));
        assert!(parse(&["--exclude", "prometheus,browser"]).is_ok());
        assert!(parse(&["--exclude", "oracle"]).is_err());
        assert!(parse(&["--exclud", "redis"]).is_err());
    }

    #[test]
    fn a_run_of_no_test_is_a_failure() {
        assert!(verdict(Results::default(), &Deadline::never()).is_err());
    }
}
