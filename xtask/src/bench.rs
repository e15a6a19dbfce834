//! `cargo xtask bench`: the measurements, which are a workspace of their own, so
//! that no peer enters the main lock file.

use crate::failure::{Failure, Outcome};
use crate::interrupt::Interrupt;
use crate::run::must_succeed;
use crate::workspace::{cargo, root};

const HELP: &str = "\
Measure ours and the peers side by side, in one run of the release profile.

Usage: cargo xtask bench [ARGUMENT…]

All arguments but --help go to the measuring program; `cargo xtask bench -- --help`
lists its own.
";

/// Runs the command.
pub(crate) fn main(mut arguments: lexopt::Parser, interrupt: &Interrupt) -> Outcome<()> {
    let mut passed_on: Vec<_> = arguments.raw_args()?.collect();
    match passed_on.first().and_then(|first| first.to_str()) {
        Some("--help" | "-h") => {
            print!("{HELP}");
            return Ok(());
        }
        Some("--") => {
            passed_on.remove(0);
        }
        _ => {}
    }
    let manifest = root().join("benches/Cargo.toml");
    if !manifest.is_file() {
        return Err(Failure::Chore(format!(
            "{} is missing: the measurements are a workspace of their own, beside this one",
            manifest.display()
        )));
    }
    must_succeed(
        cargo()
            // A peer declares a newer Rust than it needs.
            .args([
                "run",
                "--release",
                "--ignore-rust-version",
                "--manifest-path",
            ])
            .arg(&manifest)
            .arg("--")
            .args(passed_on),
        interrupt,
    )
}
