//! The command `cargo idempotent`, and `cargo-idempotent` by itself.

use std::process::ExitCode;

fn main() -> ExitCode {
    cargo_idempotent::cli::main()
}
