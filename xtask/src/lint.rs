//! `cargo xtask lint`: every check that needs no running program. All of them
//! run, so that one look shows all that is wrong.

use std::process::Command;

use xtask::Deadline;

use crate::failure::{Failure, Outcome};
use crate::interrupt::Interrupt;
use crate::run::{must_succeed, spell};
use crate::workspace::{Workspace, cargo, root};
use crate::{guard, tools};

const HELP: &str = "\
Run every check that needs no running program, all of them, and say which failed.

Usage: cargo xtask lint

  fmt       cargo fmt --check                         mend: cargo fmt
  clippy    all targets and features, warnings fail
  doc       all features, warnings fail
  features  idempotent-runtime with none, each alone, and all of its features
  unsafe    no source says it, every member takes the workspace's lints
  deny      licences, bans and sources, by deny.toml

`deny` builds the tool cargo-deny below the target directory, once, unless it is
on the PATH. Advisories are not looked up, as that needs a network.
";

/// The package whose features are checked one by one.
const RUNTIME: &str = "idempotent-runtime";

type Check = fn(&Workspace, &Interrupt) -> Outcome<()>;

const CHECKS: [(&str, Check); 6] = [
    ("fmt", fmt),
    ("clippy", clippy),
    ("doc", doc),
    ("features", features),
    ("unsafe", |workspace, _| guard::no_unsafe(workspace)),
    ("deny", deny),
];

/// Runs the command.
pub(crate) fn main(mut arguments: lexopt::Parser, interrupt: &Interrupt) -> Outcome<()> {
    use lexopt::prelude::{Long, Short};

    match arguments.next()? {
        None => {}
        Some(Long("help") | Short('h')) => {
            print!("{HELP}");
            return Ok(());
        }
        Some(other) => return Err(other.unexpected().into()),
    }
    let workspace = Workspace::load()?;
    let mut failed = Vec::new();
    for (name, check) in CHECKS {
        println!("== {name}");
        let took = Deadline::never();
        match check(&workspace, interrupt) {
            Ok(()) => println!("== {name}: ok, {:.0?}", took.elapsed()),
            Err(interrupted @ Failure::Interrupted(_)) => return Err(interrupted),
            Err(failure) => {
                println!("{failure}\n== {name}: failed, {:.0?}", took.elapsed());
                failed.push(name);
            }
        }
    }
    if failed.is_empty() {
        println!("lint: {} checks, all ok", CHECKS.len());
        return Ok(());
    }
    Err(Failure::Chore(format!(
        "lint failed: {}",
        failed.join(", ")
    )))
}

fn fmt(_: &Workspace, interrupt: &Interrupt) -> Outcome<()> {
    must_succeed(cargo().args(["fmt", "--all", "--check"]), interrupt)
}

fn clippy(_: &Workspace, interrupt: &Interrupt) -> Outcome<()> {
    must_succeed(
        cargo()
            .args([
                "clippy",
                "--workspace",
                "--all-targets",
                "--all-features",
                "--quiet",
            ])
            .args(["--", "--deny=warnings"]),
        interrupt,
    )
}

fn doc(_: &Workspace, interrupt: &Interrupt) -> Outcome<()> {
    must_succeed(
        cargo()
            .args([
                "doc",
                "--workspace",
                "--all-features",
                "--no-deps",
                "--quiet",
            ])
            .env("RUSTDOCFLAGS", "--deny=warnings"),
        interrupt,
    )
}

/// By clippy, as `RUSTFLAGS` would compile every dependency anew.
fn features(workspace: &Workspace, interrupt: &Interrupt) -> Outcome<()> {
    let names = workspace.package(RUNTIME)?.features.keys();
    let each = names
        .filter(|name| *name != "default")
        .map(|name| format!("--features={name}"));
    let sets = [String::new()]
        .into_iter()
        .chain(each)
        .chain(["--all-features".to_owned()]);
    let mut failed = Vec::new();
    for set in sets {
        let mut command = cargo();
        command.args([
            "clippy",
            "--package",
            RUNTIME,
            "--lib",
            "--quiet",
            "--no-deps",
        ]);
        if set != "--all-features" {
            command.arg("--no-default-features");
        }
        command.args(Some(&set).filter(|set| !set.is_empty()));
        command.args(["--", "--deny=warnings"]);
        println!("{}", spell(&command));
        match must_succeed(&mut command, interrupt) {
            Err(Failure::Chore(what)) => failed.push(what),
            outcome => outcome?,
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    Err(Failure::Chore(failed.join("\n")))
}

fn deny(workspace: &Workspace, interrupt: &Interrupt) -> Outcome<()> {
    let program = tools::deny(workspace, interrupt)?;
    let check = |what: &[&str]| {
        must_succeed(
            Command::new(&program)
                .args(["--workspace", "--all-features", "check"])
                .args(what)
                .current_dir(root()),
            interrupt,
        )
    };
    check(&["licenses", "sources"])?;
    // Two versions of a crate are a warning: a line each, not a tree.
    check(&["--hide-inclusion-graph", "bans"])
}
