//! `cargo xtask soak`: one fault scenario with a large count.
//!
//! A scenario is an ordinary test that reads how often to repeat itself from a
//! variable, with a small default for `cargo xtask test`. The table of scenarios
//! lies beside the tests, in their package's manifest:
//!
//! ```toml
//! [package.metadata.soak.kill-rounds]
//! says = "kill -9 of one of two processes, at random moments"
//! test = "faults::kill_rounds"          # the test's whole name
//! count = 200                           # IDEMPOTENT_SOAK_KILL_ROUNDS
//! servers = ["postgres"]                # optional
//! target = "fleet"                      # optional: the only test target to build
//! ```
//!
//! A name that ends with `::` stands for every test of a module, such as one for
//! each store; they run one after the other.

use std::collections::BTreeMap;

use serde::Deserialize;
use xtask::Deadline;
use xtask::servers::{Kind, Scratch};

use crate::failure::{Failure, Outcome};
use crate::interrupt::Interrupt;
use crate::results::Results;
use crate::run::run_seeing;
use crate::serve;
use crate::workspace::{Workspace, cargo};

const HELP: &str = "\
Run one fault scenario with the large count that a release needs, on private
servers, and show what it says as it goes.

Usage: cargo xtask soak [NAME] [--count N]

  NAME       the scenario; without it, all are listed
  --count N  another count than the scenario's own

A scenario is a test that `cargo xtask test` runs with its smallest count. It reads
the count from IDEMPOTENT_SOAK_<NAME>; [package.metadata.soak] in its package's
manifest lists it.
";

/// One entry of `[package.metadata.soak]`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    says: String,
    test: String,
    count: u64,
    #[serde(default)]
    servers: Vec<String>,
    target: Option<String>,
    #[serde(skip)]
    package: String,
}

impl Scenario {
    /// Whether it is every test of a module.
    fn is_module(&self) -> bool {
        self.test.ends_with("::")
    }

    /// Which targets to build and run.
    fn targets(&self) -> Vec<&str> {
        match &self.target {
            Some(target) => vec!["--test", target],
            None => vec!["--lib", "--bins", "--tests"],
        }
    }

    /// What tells the test program to run this one, or these by turns.
    fn how(&self) -> &'static str {
        if self.is_module() {
            "--test-threads=1"
        } else {
            "--exact"
        }
    }
}

/// Runs the command.
pub(crate) fn main(mut arguments: lexopt::Parser, interrupt: &Interrupt) -> Outcome<()> {
    use lexopt::ValueExt;
    use lexopt::prelude::{Long, Short, Value};

    let (mut name, mut count) = (None, None);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("count") => count = Some(arguments.value()?.parse()?),
            Long("help") | Short('h') => {
                print!("{HELP}");
                return Ok(());
            }
            Value(value) if name.is_none() => name = Some(value.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let workspace = Workspace::load()?;
    let scenarios = scenarios(&workspace)?;
    let Some(name) = name else {
        for (name, parts) in &scenarios {
            for part in parts {
                println!("{name} ({}): {}", part.count, part.says);
            }
        }
        println!("{} scenarios", scenarios.len());
        return Ok(());
    };
    let parts = scenarios.get(&name).ok_or_else(|| {
        Failure::Usage(format!(
            "no scenario `{name}`; `cargo xtask soak` lists them"
        ))
    })?;
    for part in parts {
        soak(&name, part, count.unwrap_or(part.count), interrupt)?;
    }
    Ok(())
}

fn soak(name: &str, scenario: &Scenario, count: u64, interrupt: &Interrupt) -> Outcome<()> {
    let kinds = kinds(name, scenario)?;
    let fleet = serve::start(&kinds, interrupt)?;
    // What the scenario leaves in it goes with the run.
    let temporary = Scratch::new()?;
    println!("{name}: {}, {count} times", scenario.says);
    let took = Deadline::never();
    let mut results = Results::default();
    let mut command = cargo();
    command
        .args(["test", "--all-features", "--package", &scenario.package])
        .args(scenario.targets())
        .args(["--", "--nocapture", &scenario.test])
        .arg(scenario.how())
        .env(variable(name), count.to_string())
        .env("TMPDIR", temporary.path())
        .envs(fleet.environment());
    let status = run_seeing(&mut command, interrupt, |line| results.see(line))?;
    let ran = results.passed + results.failed;
    println!("{name}: {count} times in {:.0?}", took.elapsed());
    if status.success() && (ran == 1 || (ran > 1 && scenario.is_module())) {
        return Ok(());
    }
    Err(Failure::Chore(match ran {
        0 if status.success() => format!(
            "package `{}` has no test `{}`: mend [package.metadata.soak.{name}]",
            scenario.package, scenario.test
        ),
        _ => format!("{name} failed: see above"),
    }))
}

/// By name; a name that several packages have is one scenario in so many parts.
fn scenarios(workspace: &Workspace) -> Outcome<BTreeMap<String, Vec<Scenario>>> {
    let mut all: BTreeMap<String, Vec<Scenario>> = BTreeMap::new();
    for package in &workspace.packages {
        let Some(table) = package.metadata.get("soak") else {
            continue;
        };
        let table: BTreeMap<String, Scenario> =
            serde_json::from_value(table.clone()).map_err(|error| {
                Failure::Chore(format!(
                    "{}: [package.metadata.soak]: {error}",
                    package.manifest_path.display()
                ))
            })?;
        for (name, scenario) in table {
            all.entry(name).or_default().push(Scenario {
                package: package.name.clone(),
                ..scenario
            });
        }
    }
    Ok(all)
}

fn kinds(name: &str, scenario: &Scenario) -> Outcome<Vec<Kind>> {
    let kind = |server: &String| {
        Kind::from_name(server).ok_or_else(|| {
            Failure::Chore(format!(
                "[package.metadata.soak.{name}]: no server `{server}`"
            ))
        })
    };
    scenario.servers.iter().map(kind).collect()
}

fn variable(name: &str) -> String {
    let name = name.replace('-', "_").to_uppercase();
    format!("IDEMPOTENT_SOAK_{name}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn workspace(soak: &serde_json::Value) -> Workspace {
        serde_json::from_value(json!({
            "target_directory": "",
            "packages": [
                { "name": "quiet", "manifest_path": "", "features": {}, "targets": [], "metadata": null },
                { "name": "tests", "manifest_path": "tests/Cargo.toml", "features": {}, "targets": [],
                  "metadata": { "soak": soak } },
            ],
        }))
        .expect("as cargo prints it")
    }

    #[test]
    fn reads_the_table_from_the_package_that_has_one() {
        let table = json!({ "kill-rounds": { "says": "s", "test": "t", "count": 200, "servers": ["redis"] } });
        let scenarios = scenarios(&workspace(&table)).expect("is right");
        let scenario = &scenarios["kill-rounds"][0];
        assert_eq!((scenario.package.as_str(), scenario.count), ("tests", 200));
        assert!(kinds("kill-rounds", scenario).expect("is a server") == [Kind::Redis]);
        assert_eq!(variable("kill-rounds"), "IDEMPOTENT_SOAK_KILL_ROUNDS");
    }

    #[test]
    fn a_module_is_run_by_turns_and_a_test_alone() {
        let table = json!({
            "all": { "says": "s", "test": "kills::", "count": 1, "target": "fleet" },
            "one": { "says": "s", "test": "kills::over_redis", "count": 1 },
        });
        let scenarios = scenarios(&workspace(&table)).expect("is right");
        let (all, one) = (&scenarios["all"][0], &scenarios["one"][0]);
        assert_eq!((all.how(), one.how()), ("--test-threads=1", "--exact"));
        assert_eq!(all.targets(), ["--test", "fleet"]);
        assert_eq!(one.targets(), ["--lib", "--bins", "--tests"]);
    }

    #[test]
    fn a_name_in_two_packages_is_one_scenario_in_two_parts() {
        let mut workspace = workspace(&json!({ "zoo": { "says": "s", "test": "t", "count": 1 } }));
        workspace.packages[0].metadata = workspace.packages[1].metadata.clone();
        let scenarios = scenarios(&workspace).expect("is right");
        let packages: Vec<_> = scenarios["zoo"].iter().map(|part| &part.package).collect();
        assert_eq!(packages, ["quiet", "tests"]);
    }

    #[test]
    fn refuses_a_misspelt_entry_by_its_manifest() {
        let table = json!({ "a": { "says": "s", "test": "t", "times": 1 } });
        let Err(error) = scenarios(&workspace(&table)) else {
            panic!("a misspelt entry was taken");
        };
        assert!(error.to_string().contains("tests/Cargo.toml"), "{error}");
    }
}
