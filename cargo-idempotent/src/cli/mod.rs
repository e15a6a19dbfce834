//! The command: arguments in, files and lines out, an exit code at the end.

mod args;
mod change;
mod config;
mod demo;
mod explain;
mod export;
mod generate;
mod help;
mod import;
mod manual;
mod progress;
mod races;
mod record;
mod report;
mod run;
mod run_args;
mod signals;
mod trusted;
mod zoo;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Args, Command};

/// How a command ends, by the numbers that the README lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// All that was asked for is done, and nothing speaks against it.
    Good,
    /// What a run found, as its exit code.
    Found(u8),
    /// The arguments or the input are wrong.
    Usage,
}

impl End {
    fn code(self) -> u8 {
        match self {
            Self::Good => 0,
            Self::Found(code) => code,
            Self::Usage => 2,
        }
    }
}

/// Serves until the process is ended.
fn serve(args: &args::Serve) -> Result<End, crate::Problem> {
    let flaws: Vec<_> = args.flaw.into_iter().collect();
    let served = crate::demo::serve(args.listen, &flaws, args.journal.as_deref());
    let served = served.map_err(|e| crate::Problem::at(0, "serve", e))?;
    served.join().map_or(Ok(End::Usage), |()| Ok(End::Good))
}

/// Runs the command line; `cargo idempotent x` and `cargo-idempotent x` are one.
pub fn main() -> ExitCode {
    let mut words: Vec<_> = std::env::args_os().collect();
    if words.get(1).is_some_and(|w| w == "idempotent") {
        words.remove(1);
    }
    let here = std::env::current_dir().unwrap_or_default();
    let words = match config::complete(words, &here) {
        Ok(words) => words,
        Err(problem) => {
            eprintln!("error: {problem}");
            return ExitCode::from(End::Usage.code());
        }
    };
    let end = match Args::parse_from(words).command {
        Command::Record(args) => record::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Gen(args) => generate::run(&args),
        Command::Run(args) => run::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Serve(args) => serve(&args),
        Command::Zoo(args) => zoo::run(&args),
        Command::Completions { shell } => manual::completions(shell),
        Command::Man => manual::page(),
        Command::Schema { of } => manual::schema(of),
        Command::Explain { scenario } => explain::run(scenario.as_deref()),
        Command::Export(args) => export::run(&args),
    };
    match end {
        Ok(end) => ExitCode::from(end.code()),
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::from(End::Usage.code())
        }
    }
}
