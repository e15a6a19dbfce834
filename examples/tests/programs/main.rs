//! The examples as programs: each runs to its end, and the payments service
//! does what its flags and signals say.

#[cfg(feature = "admin")]
mod admin;
mod payments;
mod running;
mod stores;
mod to_their_end;

use std::path::PathBuf;
use std::process::Command;

/// The program of an example; `cargo test` builds them beside its own.
fn example(name: &str) -> Command {
    let own = std::env::current_exe().expect("a program of our own");
    let folder: PathBuf = own.ancestors().skip(2).take(1).collect();
    let program = folder.join("examples").join(name);
    assert!(
        program.exists(),
        "{} is not built; run `cargo build --package examples --examples`",
        program.display()
    );
    Command::new(program)
}
