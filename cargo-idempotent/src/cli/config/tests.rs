//! What of a file gets into the command line, and what is refused.

use std::{ffi::OsString, path::PathBuf};

use super::{NAME, complete};
use crate::Problem;

/// Completes a command line in a folder two levels below the file.
fn with(name: &str, file: &str, words: &[&str]) -> Result<Vec<String>, Problem> {
    let name = format!("cargo-idempotent-config-{name}-{}", std::process::id());
    let folder: PathBuf = std::env::temp_dir().join(name);
    let below = folder.join("a/b");
    std::fs::create_dir_all(&below).unwrap();
    std::fs::write(folder.join(NAME), file).unwrap();
    let front = ["cargo-idempotent"].iter().chain(words);
    let all = complete(front.map(OsString::from).collect(), &below);
    std::fs::remove_dir_all(&folder).unwrap();
    let front = folder.display().to_string();
    let short = |word: OsString| word.into_string().unwrap().replace(&front, "…");
    Ok(all?.into_iter().skip(1).map(short).collect())
}

#[test]
fn the_files_settings_stand_behind_the_command_lines_own() {
    let file = "plan = \"api/plan.yaml\"\ntarget = [\"http://127.0.0.1:1\"]\npatience = \"5s\"\n\
                bursts = 20\nallow-not-proven = true\nquiet = false\nonly = \"sequential\"\n";
    let all = with("all", file, &["run", "--only", "mixed"]).unwrap();
    assert_eq!(
        all,
        [
            "run",
            "--only",
            "mixed",
            "--allow-not-proven",
            "--bursts=20",
            "--patience=5s",
            "…/api/plan.yaml",
            "--target=http://127.0.0.1:1",
        ]
    );
    let own = ["run", "own.yaml", "--thorough"];
    let all = with("own", file, &own).unwrap();
    assert!(
        !all.iter()
            .any(|w| w.contains("plan.yaml") && w != "own.yaml"),
        "{all:?}"
    );
    assert!(!all.iter().any(|w| w.contains("bursts")), "{all:?}");
    let other = with("other", file, &["explain"]).unwrap();
    assert_eq!(other, ["explain"], "it is for `run`");
}

#[test]
fn what_no_flag_has_is_refused_with_its_line() {
    for (name, file, line, says) in [
        (
            "unknown",
            "seed = 1\npatiance = \"5s\"\n",
            2,
            "no flag of `run` has this name",
        ),
        (
            "value",
            "\n\npatience = \"soon\"\n",
            3,
            "is no span of time",
        ),
        (
            "type",
            "bursts = true\n",
            1,
            "a boolean is no value of this flag",
        ),
        ("switch", "thorough = \"yes\"\n", 1, "write true or false"),
        (
            "words",
            "seed = 1\n\ni-may-change-data-on = \"shop\"\n",
            3,
            "command line only",
        ),
        ("syntax", "seed = 1\nbursts = = 2\n", 2, ""),
    ] {
        let problem = with(name, file, &["run"]).unwrap_err();
        assert_eq!(problem.line, line, "{problem}");
        assert!(problem.message.contains(says), "{problem}");
        assert!(problem.file.ends_with(NAME), "{problem}");
    }
}
