//! Crates outside the workspace: copied to the target folder, where they are a
//! workspace of their own, and checked there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn another_edition_and_another_name_of_the_runtime() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = tests.parent().expect("the workspace");
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("outside");
    let _ = fs::remove_dir_all(&copy);
    copy_folder(
        &tests.join("ui/outside"),
        &copy,
        &root.join("idempotent-runtime"),
    );
    // The versions of the workspace, so that nothing is fetched.
    fs::copy(root.join("Cargo.lock"), copy.join("Cargo.lock")).expect("the lock file");

    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--quiet", "--color=never"])
        .current_dir(&copy)
        .env("CARGO_TARGET_DIR", shared_target())
        .env_remove("RUSTFLAGS")
        .output()
        .expect("cargo");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
}

/// trybuild's own folder: most dependencies are there already.
fn shared_target() -> PathBuf {
    let tmp = Path::new(env!("CARGO_TARGET_TMPDIR"));
    tmp.parent()
        .expect("the target folder")
        .join("tests/trybuild")
}

fn copy_folder(from: &Path, to: &Path, runtime: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let (entry, runtime_path) = (entry.expect("an entry"), runtime.to_string_lossy());
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy_folder(&from, &to, runtime);
        } else {
            let text = fs::read_to_string(&from).expect("a text");
            fs::write(to, text.replace("@RUNTIME@", &runtime_path)).expect("a copy");
        }
    }
}
