//! The zoo and the races as soaks: `IDEMPOTENT_SOAK_ZOO` and `IDEMPOTENT_SOAK_RACES`
//! say with how many seeds.
#![cfg(feature = "cli")]

mod races;
mod servers;

use std::process::{Command, Stdio};

const TOOL: &str = env!("CARGO_BIN_EXE_cargo-idempotent");

/// How many seeds a soak asks for; `None` in the test command.
fn seeds(variable: &str) -> Option<u64> {
    let seeds = std::env::var(variable).ok()?;
    Some(seeds.parse().expect("a number"))
}

/// Prints a table of the zoo, and expects its last line.
fn table(how: &[&str], seeds: Option<u64>, last: &str) {
    let seeds = seeds.unwrap_or(1).to_string();
    let mut zoo = Command::new(TOOL);
    zoo.args(["zoo", "--seeds", &seeds]).args(how);
    // How far it is, and what went wrong, is told as it happens.
    let out = zoo.stderr(Stdio::inherit()).output().unwrap();
    let table = String::from_utf8(out.stdout).unwrap();
    println!("{table}");
    assert!(table.ends_with(last) && out.status.success(), "{table}");
}
