//! The zoo as a soak: `IDEMPOTENT_SOAK_ZOO` says with how many seeds.
#![cfg(feature = "cli")]

use std::process::Command;

#[test]
fn every_flaw_is_found_and_the_right_service_is_not_accused() {
    let seeds = std::env::var("IDEMPOTENT_SOAK_ZOO").unwrap_or_else(|_| "1".into());
    let mut zoo = Command::new(env!("CARGO_BIN_EXE_cargo-idempotent"));
    let out = zoo
        .args(["zoo", "--planted", "--seeds", &seeds])
        .output()
        .unwrap();
    let table = String::from_utf8(out.stdout).unwrap();
    println!("{table}");
    let last = "0 missed, 0 false accusations of the right service\n";
    assert!(table.ends_with(last) && out.status.success(), "{table}");
}
