//! The failing shapes. On the compiler that the messages were written with,
//! each message is compared whole. On any other, each shape must still fail:
//! those under `fail/macro` with our own words, which no compiler changes;
//! those under `fail/compiler` with whatever words that compiler has.
//!
//! `IDEMPOTENT_UI=any` asks for the second form on any compiler. To rewrite the
//! messages: `TRYBUILD=overwrite cargo test -p tests --test ui wrong`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const WRITTEN_WITH: &str = "rustc 1.95.";
const SWITCH: &str = "IDEMPOTENT_UI";
/// Set for the second form's run of this very test.
const FOLDER: &str = "IDEMPOTENT_UI_FOLDER";
const TEST: &str = "wrong::shapes_are_refused";

#[test]
fn shapes_are_refused() {
    if let Some(folder) = env::var_os(FOLDER) {
        trybuild::TestCases::new().compile_fail(Path::new(&folder).join("*/*.rs"));
    } else if messages_are_comparable() {
        trybuild::TestCases::new().compile_fail("ui/fail/*/*.rs");
    } else {
        let fail = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/fail");
        assert_eq!(problems(&fail, "all"), Vec::<String>::new());
    }
}

#[test]
fn another_compiler_is_held_to_failing_and_to_our_words() {
    if env::var_os(FOLDER).is_some() {
        return;
    }
    let fail = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui-crafted");
    let _ = fs::remove_dir_all(&fail);
    let unscoped = "#[idempotent_runtime::idempotent]\nasync fn pay() {}\nfn main() {}\n";
    let untyped = "fn main() {\n    let _: u8 = \"\";\n}\n";
    for (case, source, recorded) in [
        (
            "macro/same.rs",
            unscoped,
            "error: whose key is it? Without a scope",
        ),
        (
            "macro/reworded.rs",
            unscoped,
            "error: words that we no longer say",
        ),
        ("macro/compiles.rs", "fn main() {}\n", "error: anything"),
        (
            "compiler/reworded.rs",
            untyped,
            "error[E0000]: words of another compiler",
        ),
        (
            "compiler/compiles.rs",
            "fn main() {}\n",
            "error[E0000]: anything",
        ),
    ] {
        let file = fail.join(case);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(&file, source).expect("a case");
        fs::write(file.with_extension("stderr"), recorded).expect("a message");
    }
    assert_eq!(
        problems(&fail, "crafted"),
        [
            "compiler/compiles.rs compiles",
            "macro/compiles.rs compiles",
            "macro/reworded.rs no longer says `error: words that we no longer say`",
        ]
    );
}

fn messages_are_comparable() -> bool {
    match env::var(SWITCH).as_deref() {
        Ok("any") => false,
        Ok("exact") => true,
        _ => {
            let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
            let version = Command::new(rustc)
                .arg("--version")
                .output()
                .expect("rustc");
            String::from_utf8_lossy(&version.stdout).starts_with(WRITTEN_WITH)
        }
    }
}

/// Compiles copies of the shapes, lets trybuild write what this compiler says,
/// and holds it against what was recorded.
fn problems(fail: &Path, name: &str) -> Vec<String> {
    let copies = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("ui-any-{name}"));
    let _ = fs::remove_dir_all(&copies);
    let cases = cases(fail);
    assert!(!cases.is_empty(), "no shapes in {}", fail.display());
    for case in &cases {
        let copy = copies.join(case);
        fs::create_dir_all(copy.parent().expect("a folder")).expect("a folder");
        fs::copy(fail.join(case), copy).expect("a copy");
    }
    let output = Command::new(env::current_exe().expect("this test"))
        .args(["--exact", TEST])
        .env(FOLDER, &copies)
        .env("TRYBUILD", "overwrite")
        .output()
        .expect("this test again");
    let mut problems = Vec::new();
    for case in cases {
        let recorded = fs::read_to_string(fail.join(&case).with_extension("stderr"));
        let recorded = recorded.unwrap_or_default();
        match fs::read_to_string(copies.join(&case).with_extension("stderr")) {
            Err(_) => problems.push(format!("{} compiles", case.display())),
            Ok(said) if case.starts_with("macro") => problems.extend(
                lost(&recorded, &said)
                    .map(|words| format!("{} no longer says `{words}`", case.display())),
            ),
            Ok(_) => {}
        }
    }
    if problems.is_empty() && !output.status.success() {
        problems.push(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    problems
}

/// Our own messages, which have no code, that are not said any more.
fn lost<'a>(recorded: &'a str, said: &'a str) -> impl Iterator<Item = &'a str> {
    let ours = recorded.lines().filter(|line| line.starts_with("error: "));
    ours.filter(|words| !said.contains(words))
}

fn cases(fail: &Path) -> Vec<PathBuf> {
    let mut cases = Vec::new();
    for folder in ["compiler", "macro"] {
        for entry in fs::read_dir(fail.join(folder)).expect("a folder of shapes") {
            let file = entry.expect("an entry").file_name();
            if Path::new(&file).extension().is_some_and(|end| end == "rs") {
                cases.push(Path::new(folder).join(file));
            }
        }
    }
    cases.sort();
    cases
}
