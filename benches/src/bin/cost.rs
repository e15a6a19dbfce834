//! What a user's service gains by depending on us: crates, and the seconds of
//! a first debug build, beside axum and tokio alone.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use benches::table;

const ALONE: &str = r#"[package]
name = "service"
version = "0.1.0"
edition = "2024"

[workspace]

[dependencies]
axum = "0.8"
tokio = { version = "1", features = ["full"] }
"#;

fn main() {
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../idempotent-runtime");
    let with_ours = format!("{ALONE}idempotent-runtime = {{ path = {runtime:?} }}\n");
    let scratch = std::env::temp_dir().join(format!("idempotent-cost-{}", std::process::id()));
    let rows = [("axum and tokio", ALONE), ("with ours", &with_ours)].map(|(name, manifest)| {
        let service = service(&scratch, manifest);
        let crates = crates(&service);
        let seconds = build(&service);
        vec![name.to_owned(), crates.to_string(), format!("{seconds:.0}")]
    });
    println!("what a service gains: crates, and seconds of a first debug build");
    table::print(&["", "crates", "seconds"], &rows);
    // A scratch folder that stays is no wrong figure.
    let _ = fs::remove_dir_all(scratch);
}

fn service(scratch: &Path, manifest: &str) -> PathBuf {
    let _ = fs::remove_dir_all(scratch);
    fs::create_dir_all(scratch.join("src")).expect("a scratch folder");
    fs::write(scratch.join("Cargo.toml"), manifest).expect("a manifest");
    fs::write(scratch.join("src/main.rs"), "fn main() {}\n").expect("a program");
    scratch.to_owned()
}

fn cargo(service: &Path, arguments: &[&str]) -> String {
    let mut cargo = Command::new("cargo");
    cargo
        .args(arguments)
        .current_dir(service)
        .env("CARGO_TARGET_DIR", service.join("target"));
    let output = cargo.output().expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Those it builds, but itself.
fn crates(service: &Path) -> usize {
    let tree = cargo(
        service,
        &["tree", "--edges", "normal,build", "--prefix", "none"],
    );
    let names: BTreeSet<_> = tree
        .lines()
        .filter_map(|line| line.split(" (").next())
        .collect();
    names.len() - 1
}

fn build(service: &Path) -> f64 {
    let started = Instant::now();
    cargo(service, &["build", "--quiet"]);
    started.elapsed().as_secs_f64()
}
