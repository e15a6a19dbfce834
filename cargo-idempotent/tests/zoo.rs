//! The zoo and the races as soaks: `IDEMPOTENT_SOAK_ZOO` and `IDEMPOTENT_SOAK_RACES`
//! say with how many seeds.
#![cfg(feature = "cli")]

use std::process::Command;

/// Runs a table of the zoo, shows it, and expects its last line.
fn table(variable: &str, how: &str, last: &str) {
    let seeds = std::env::var(variable).unwrap_or_else(|_| "1".into());
    let mut zoo = Command::new(env!("CARGO_BIN_EXE_cargo-idempotent"));
    let out = zoo.args(["zoo", how, "--seeds", &seeds]).output().unwrap();
    let table = String::from_utf8(out.stdout).unwrap();
    println!("{table}");
    let errors = String::from_utf8_lossy(&out.stderr);
    assert!(
        table.ends_with(last) && out.status.success(),
        "{table}{errors}"
    );
}

#[test]
fn every_flaw_is_found_and_the_right_service_is_not_accused() {
    let last = "0 missed, 0 false accusations of the right service\n";
    table("IDEMPOTENT_SOAK_ZOO", "--planted", last);
}

#[test]
fn each_race_is_found_in_19_of_20_seeds_and_the_atomic_twin_is_not_accused() {
    let last = "0 of the races missed, 0 false accusations of the atomic twin\n";
    table("IDEMPOTENT_SOAK_RACES", "--races", last);
}
