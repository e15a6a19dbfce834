//! The command `cargo idempotent`, and `cargo-idempotent` by itself.

use std::process::ExitCode;

fn main() -> ExitCode {
    // A panic is a defect of this tool, and has its own code; its message is out.
    std::panic::catch_unwind(cargo_idempotent::cli::main).unwrap_or(ExitCode::from(70))
}
