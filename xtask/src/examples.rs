//! The examples that have tests of their own. `cargo test` builds examples, so
//! that integration tests can start them, but runs only the tests of those whose
//! manifest says `test = true`.

use std::fs;

use crate::workspace::{Target, Workspace};

/// Cargo's arguments that select the examples whose tests would else not run.
pub(crate) fn with_tests(workspace: &Workspace) -> Vec<String> {
    workspace
        .packages
        .iter()
        .flat_map(|package| &package.targets)
        .filter(|target| target.kind.iter().any(|kind| kind == "example"))
        .filter(|target| !target.test && has_tests(target))
        .map(|target| format!("--example={}", target.name))
        .collect()
}

fn has_tests(example: &Target) -> bool {
    let source = fs::read_to_string(&example.src_path).unwrap_or_default();
    // `#[test]`, `#[tokio::test]`, and the latter with arguments.
    ["#[test]", "::test]", "::test("]
        .iter()
        .any(|mark| source.contains(mark))
}
