//! `cargo xtask`: one entry for the workspace's chores.

mod bench;
mod conformance;
mod examples;
mod failure;
mod features;
mod guard;
mod install;
mod interrupt;
mod lint;
mod results;
mod run;
mod screenshots;
mod serve;
mod services;
mod soak;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use failure::{Failure, Outcome};
use interrupt::Interrupt;

const HELP: &str = "\
The workspace's chores.

Usage: cargo xtask COMMAND [OPTIONS]

  test         run every test, with private database servers for those that need one
  lint         run every check that needs no running program
  servers      start the private database servers, and stop them at Ctrl-C
  soak         run a fault scenario with the large count that a release needs
  screenshots  make the pictures of the admin page's chapter anew
  bench        measure ours and the peers side by side

`cargo xtask COMMAND --help` says more. CI runs `test`, then `lint`.
";

fn main() -> ExitCode {
    match dispatch() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !matches!(failure, Failure::Said) {
                eprintln!("{failure}");
            }
            ExitCode::from(failure.code())
        }
    }
}

fn dispatch() -> Outcome<()> {
    use lexopt::prelude::{Long, Short, Value};

    let mut arguments = lexopt::Parser::from_env();
    let interrupt = Interrupt::watch()?;
    match arguments.next()? {
        None | Some(Long("help") | Short('h')) => {
            print!("{HELP}");
            Ok(())
        }
        Some(Value(command)) => match command.to_str() {
            Some("test") => test::main(arguments, &interrupt),
            Some("lint") => lint::main(arguments, &interrupt),
            Some("servers") => serve::main(arguments, &interrupt),
            Some("soak") => soak::main(arguments, &interrupt),
            Some("screenshots") => screenshots::main(arguments, &interrupt),
            Some("bench") => bench::main(arguments, &interrupt),
            _ => Err(Failure::Usage(format!(
                "no command {}; `cargo xtask --help` lists them",
                command.display()
            ))),
        },
        Some(other) => Err(other.unexpected().into()),
    }
}
