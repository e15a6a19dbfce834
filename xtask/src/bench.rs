//! `cargo xtask bench`: the measurements, which are a workspace of their own, so
//! that no peer enters the main lock file.
//!
//! Each is a program, as one that counts allocations must not be the one that
//! takes times. Those that make the published tables are listed in the manifest,
//! with the private servers that one of them needs. It is built with the features
//! that it requires:
//!
//! ```toml
//! [package.metadata.bench]
//! tables = ["time", "allocations", "stores"]
//! servers = { stores = ["postgres", "redis"] }
//!
//! [[bin]]
//! name = "stores"
//! required-features = ["stores"]
//! ```

use std::ffi::OsString;
use std::path::Path;

use serde::Deserialize;
use xtask::servers::Kind;

use crate::failure::{Failure, Outcome};
use crate::interrupt::Interrupt;
use crate::run::must_succeed;
use crate::serve;
use crate::workspace::{Package, Workspace, cargo, root};

const HELP: &str = "\
Measure ours and the peers side by side, in the release profile.

Usage: cargo xtask bench [PROGRAM…] [-- ARGUMENT…]

  PROGRAM      only this measurement; by default those that [package.metadata.bench]
               of benches/Cargo.toml lists as `tables`, or else all
  -- ARGUMENT  goes to each program
";

/// Runs the command.
pub(crate) fn main(mut arguments: lexopt::Parser, interrupt: &Interrupt) -> Outcome<()> {
    use lexopt::ValueExt;
    use lexopt::prelude::{Long, Short, Value};

    let mut programs: Vec<String> = Vec::new();
    let mut passed_on: Vec<OsString> = Vec::new();
    loop {
        if let Some(mut raw) = arguments.try_raw_args()
            && raw.next_if(|word| word == "--").is_some()
        {
            passed_on.extend(raw);
            break;
        }
        match arguments.next()? {
            None => break,
            Some(Value(program)) => programs.push(program.string()?),
            Some(Long("help") | Short('h')) => {
                print!("{HELP}");
                return Ok(());
            }
            Some(other) => return Err(other.unexpected().into()),
        }
    }
    let manifest = root().join("benches/Cargo.toml");
    if !manifest.is_file() {
        return Err(Failure::Chore(format!(
            "{} is missing: the measurements are a workspace of their own, beside this one",
            manifest.display()
        )));
    }
    let workspace = Workspace::of(&manifest)?;
    if programs.is_empty() {
        programs = workspace.packages.iter().flat_map(tables).collect();
    }
    for program in programs {
        measure(&program, &passed_on, &workspace, &manifest, interrupt)?;
    }
    Ok(())
}

fn measure(
    program: &str,
    passed_on: &[OsString],
    workspace: &Workspace,
    manifest: &Path,
    interrupt: &Interrupt,
) -> Outcome<()> {
    println!("== {program}");
    let build = |verb: &str| {
        let mut command = cargo();
        command
            // A peer declares a newer Rust than it needs.
            .args([verb, "--quiet", "--release", "--ignore-rust-version"])
            .arg("--manifest-path")
            .arg(manifest)
            .args(["--bin", program])
            .args(features(program, workspace));
        command
    };
    // First, as servers that wait for a compiler grow old.
    must_succeed(&mut build("build"), interrupt)?;
    let fleet = serve::start(&servers(program, workspace)?, interrupt)?;
    must_succeed(
        build("run")
            .arg("--")
            .args(passed_on)
            .envs(fleet.environment()),
        interrupt,
    )
}

/// Cargo's arguments for the features that a program requires.
fn features(program: &str, workspace: &Workspace) -> Vec<String> {
    let targets = workspace
        .packages
        .iter()
        .flat_map(|package| &package.targets);
    targets
        .filter(|target| target.name == program)
        .flat_map(|target| &target.required_features)
        .map(|feature| format!("--features={feature}"))
        .collect()
}

/// The servers that a program needs.
fn servers(program: &str, workspace: &Workspace) -> Outcome<Vec<Kind>> {
    let mut kinds = Vec::new();
    for package in &workspace.packages {
        let wrong = |what: String| {
            Failure::Chore(format!(
                "{}: [package.metadata.bench] servers: {what}",
                package.manifest_path.display()
            ))
        };
        let Some(names) = package.metadata["bench"]["servers"].get(program) else {
            continue;
        };
        let names = Vec::<String>::deserialize(names).map_err(|error| wrong(error.to_string()))?;
        for name in names {
            let kind = Kind::from_name(&name);
            kinds.push(kind.ok_or_else(|| wrong(format!("no server `{name}`")))?);
        }
    }
    Ok(kinds)
}

/// What the manifest lists, or every program of the package.
fn tables(package: &Package) -> Vec<String> {
    let listed = &package.metadata["bench"]["tables"];
    if let Some(listed) = listed.as_array() {
        let names = listed.iter().filter_map(|name| name.as_str());
        return names.map(str::to_owned).collect();
    }
    package
        .targets
        .iter()
        .filter(|target| target.kind.iter().any(|kind| kind == "bin"))
        .map(|target| target.name.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn package(metadata: &serde_json::Value) -> Package {
        let target = |name: &str, kind: &str| json!({ "name": name, "kind": [kind], "src_path": "", "test": true, "required-features": ["databases"] });
        serde_json::from_value(json!({
            "name": "benches", "manifest_path": "", "features": {}, "metadata": metadata,
            "targets": [target("benches", "lib"), target("profile", "bin"), target("time", "bin")],
        }))
        .expect("as cargo prints it")
    }

    #[test]
    fn measures_what_the_manifest_lists_or_else_all() {
        let listed = json!({ "bench": { "tables": ["time"] } });
        assert_eq!(tables(&package(&listed)), ["time"]);
        assert_eq!(tables(&package(&json!(null))), ["profile", "time"]);
    }

    #[test]
    fn gives_a_program_its_features_and_servers() {
        let workspace = |servers: serde_json::Value| Workspace {
            packages: vec![package(&json!({ "bench": { "servers": servers } }))],
            target_directory: "".into(),
        };
        let right = workspace(json!({ "time": ["redis"] }));
        assert_eq!(features("time", &right), ["--features=databases"]);
        assert_eq!(servers("time", &right).expect("is right"), [Kind::Redis]);
        assert!(servers("profile", &right).expect("needs none").is_empty());
        assert!(servers("time", &workspace(json!({ "time": ["oracle"] }))).is_err());
        assert!(servers("time", &workspace(json!({ "time": "redis" }))).is_err());
    }
}
