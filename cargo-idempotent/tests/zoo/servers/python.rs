//! A right service in Python, judged by requests alone: proven, and accused of nothing.

use std::{fs, net::TcpListener, path::Path, process::Command};

use crate::{TOOL, seeds};

const SERVICE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/zoo/servers/payments.py");

/// What is run in the test command, and with every seed but the first.
const FEW: &[&str] = &[
    "--bursts",
    "30",
    "--only",
    "sequential,concurrent,abort,other-payload,other-principal,fidelity,restart,kill,twice",
];

#[test]
fn a_service_in_another_language_is_proven() {
    let python = Command::new("python3").arg("--version").output();
    let hint = "python3 is not there: apt-get install python3, which `cargo xtask test` does";
    assert!(python.is_ok_and(|out| out.status.success()), "{hint}");
    let folder = std::env::temp_dir().join(format!("cargo-idempotent-py-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    plan(&folder);
    let soak = seeds("IDEMPOTENT_SOAK_ZOO");
    for seed in 1..=soak.unwrap_or(1) {
        let few = if soak.is_some() && seed == 1 {
            &[]
        } else {
            FEW
        };
        let (code, text) = run(&folder, seed, few);
        assert_ne!(code, Some(1), "accused, seed {seed}\n{text}");
        assert_eq!(code, Some(0), "seed {seed}\n{text}");
        let last = text.lines().last().unwrap_or_default();
        println!("python, sqlite: seed {seed:<3} {last}");
    }
    fs::remove_dir_all(&folder).unwrap();
}

/// The demo's plan, as the service is the same; what it promises after a crash is added.
fn plan(folder: &Path) {
    let demo = Command::new(TOOL).arg("demo").current_dir(folder).output();
    assert!(demo.unwrap().status.success());
    let file = folder.join("runs/demo/plan.yaml");
    let plan = fs::read_to_string(&file).unwrap();
    let promise = "after_crash: exactly-once\nlease: 2s\nendpoints:";
    fs::write(&file, plan.replace("\nendpoints:", &format!("\n{promise}"))).unwrap();
}

/// One run against a new process with a new file.
fn run(folder: &Path, seed: u64, few: &[&str]) -> (Option<i32>, String) {
    let port = {
        let free = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        free.local_addr().unwrap().port()
    };
    let file = folder.join(format!("{seed}.db"));
    let serve = format!("python3 {SERVICE} --port {port} --file {}", file.display());
    let out = Command::new(TOOL)
        .args(["run", "runs/demo/plan.yaml", "--seed", &seed.to_string()])
        .args(["--target", &format!("http://127.0.0.1:{port}")])
        .args(["--target-cmd", &serve, "--ready", "/v1/ledger"])
        .args(["--header", "Authorization: Bearer alice"])
        .args(few)
        .current_dir(folder)
        .output()
        .unwrap();
    let text = String::from_utf8(out.stdout).unwrap() + &String::from_utf8(out.stderr).unwrap();
    (out.status.code(), text)
}
