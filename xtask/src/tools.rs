//! `cargo-deny`: the one tool that cargo does not bring along.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use xtask::Deadline;

use crate::failure::{Failure, Outcome};
use crate::interrupt::Interrupt;
use crate::run::must_succeed;
use crate::workspace::{Workspace, cargo};

/// The version that is installed where there is none.
const VERSION: &str = "0.20.2";

/// The `cargo-deny` on the PATH, or else one of our own below the target
/// directory, built there once.
pub(crate) fn deny(workspace: &Workspace, interrupt: &Interrupt) -> Outcome<PathBuf> {
    let on_path = PathBuf::from("cargo-deny");
    let tools = workspace.target_directory.join("tools");
    let target = tools.join("target");
    let own = tools.join("bin/cargo-deny");
    for program in [on_path, own.clone()] {
        if runs(&program) {
            return Ok(program);
        }
    }
    println!("installing cargo-deny {VERSION} into {}", tools.display());
    let took = Deadline::never();
    must_succeed(
        cargo()
            .args([
                "install",
                "cargo-deny",
                "--version",
                VERSION,
                "--locked",
                "--quiet",
            ])
            // Optimized, it would take several times as long to build as it can
            // ever save on a workspace of this size.
            .arg("--debug")
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_TARGET_DIR", &target)
            .arg("--root")
            .arg(&tools),
        interrupt,
    )?;
    // Ten times the program's size, and of no more use.
    fs::remove_dir_all(&target).map_err(Failure::doing(format!("remove {}", target.display())))?;
    println!("installed cargo-deny in {:.0?}", took.elapsed());
    Ok(own)
}

fn runs(program: &PathBuf) -> bool {
    Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
