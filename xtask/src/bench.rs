//! `cargo xtask bench`: the measurements, which are a workspace of their own, so
//! that no peer enters the main lock file.
//!
//! Each is a program, as one that counts allocations must not be the one that
//! takes times. Those that make the published tables are listed in the manifest:
//!
//! ```toml
//! [package.metadata.bench]
//! tables = ["time", "allocations"]
//! ```

use std::ffi::OsString;

use crate::failure::{Failure, Outcome};
use crate::interrupt::Interrupt;
use crate::run::must_succeed;
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
        println!("== {program}");
        must_succeed(
            cargo()
                // A peer declares a newer Rust than it needs.
                .args(["run", "--quiet", "--release", "--ignore-rust-version"])
                .arg("--manifest-path")
                .arg(&manifest)
                .args(["--bin", &program, "--"])
                .args(&passed_on),
            interrupt,
        )?;
    }
    Ok(())
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
        let target = |name: &str, kind: &str| json!({ "name": name, "kind": [kind], "src_path": "", "test": true });
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
}
