//! The manual page and the completions name what the command has.
#![cfg(feature = "cli")]

use std::process::Command;

const COMMANDS: [&str; 10] = [
    "record",
    "import",
    "gen",
    "run",
    "report",
    "export",
    "demo",
    "zoo",
    "explain",
    "completions",
];

fn said(args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-idempotent"));
    let out = command.args(args).output().unwrap();
    assert!(out.status.success(), "{args:?}: {out:?}");
    String::from_utf8(out.stdout).unwrap()
}

#[test]
fn the_manual_page_names_each_command_and_the_exit_codes() {
    let page = said(&["man"]);
    assert!(page.contains(".TH cargo-idempotent 1"), "{page}");
    for command in COMMANDS {
        assert!(
            page.contains(&format!("idempotent\\-{command}(1)")),
            "{command}\n{page}"
        );
    }
    assert!(page.contains("70 a defect of this tool"), "{page}");
}

#[test]
fn completions_of_every_shell_know_the_commands_and_flags_of_the_recorder() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = said(&["completions", shell]);
        for word in COMMANDS
            .iter()
            .chain(&["max-body", "no-mask", "h2c", "h2", "cacert", "tls-cert"])
        {
            assert!(script.contains(word), "{shell}: {word}");
        }
        assert!(script.contains("cargo-idempotent"), "{shell}");
    }
}

#[test]
fn the_help_of_each_command_says_what_its_arguments_are_for() {
    for command in COMMANDS {
        let help = said(&["idempotent", command, "--help"]);
        assert!(
            help.starts_with(|c: char| c.is_uppercase()),
            "{command}: {help}"
        );
        assert!(
            help.contains("Usage: cargo idempotent"),
            "{command}: {help}"
        );
    }
}

#[test]
fn the_page_on_ci_uses_flags_that_there_are() {
    let page = include_str!("../docs/ci.md");
    let mut known = String::new();
    for command in COMMANDS {
        known += &said(&[command, "--help"]);
    }
    // Of `cargo install`, `cargo build`, and the service that is tested.
    let others = ["--locked", "--release", "--listen"];
    let flags = page.split(|c: char| c.is_whitespace() || "`\"',".contains(c));
    let flags: Vec<_> = flags
        .filter(|w| w.starts_with("--") && w.len() > 3)
        .collect();
    assert!(flags.len() > 10, "{flags:?}");
    for flag in flags.into_iter().filter(|f| !others.contains(f)) {
        assert!(
            known.contains(&format!("{flag} ")) || known.contains(&format!("{flag}\n")),
            "{flag}"
        );
    }
}
