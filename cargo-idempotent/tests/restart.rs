//! A target that is stopped and killed: what outlives the process is told from what does not.
#![cfg(feature = "cli")]

use std::{net::TcpListener, path::PathBuf, process::Command};

const TOOL: &str = env!("CARGO_BIN_EXE_cargo-idempotent");

/// Plans by the demo, then runs `restart` and `kill` against the demo's service as a
/// process of its own.
fn run(name: &str, flaw: &str) -> (Option<i32>, String) {
    let folder: PathBuf =
        std::env::temp_dir().join(format!("cargo-idempotent-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let port = {
        let free = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        free.local_addr().unwrap().port()
    };
    let demo = Command::new(TOOL).arg("demo").current_dir(&folder).output();
    assert!(demo.unwrap().status.success());
    let serve = format!("{TOOL} serve --listen 127.0.0.1:{port} --journal payments.jsonl {flaw}");
    let target = format!("http://127.0.0.1:{port}");
    let out = Command::new(TOOL)
        .args(["run", "runs/demo/plan.yaml", "--target", &target])
        .args(["--target-cmd", &serve, "--ready", "/v1/ledger"])
        .args(["--only", "payments/restart,payments/kill"])
        .args(["--header", "Authorization: Bearer alice"])
        .current_dir(&folder)
        .output()
        .unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let text = String::from_utf8(out.stdout).unwrap() + &String::from_utf8(out.stderr).unwrap();
    (out.status.code(), text)
}

#[test]
fn a_service_whose_records_outlive_it_is_proven_through_restart_and_kill() {
    let (code, text) = run("kept", "");
    assert_eq!(code, Some(0), "{text}");
    assert!(text.ends_with("2 passed, 0 failed, 0 skipped\n"), "{text}");
    assert!(text.contains("Killed at 10 moments"), "{text}");
}

#[test]
fn keys_that_lie_in_memory_are_found_by_a_restart() {
    let (code, text) = run("lost", "--flaw lost-on-restart");
    assert_eq!(code, Some(1), "{text}");
    let title = "retry after a restart       VIOLATION (effect ledger)";
    assert!(text.contains(title), "{text}");
}
