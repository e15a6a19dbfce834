//! The files of the kit.

use std::fs;
use std::path::{Path, PathBuf};

/// The workspace's root.
pub(crate) fn root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().expect("the package lies in the workspace")
}

/// The files of one of the kit's folders that end in `.yml`, in order.
pub(crate) fn yml(folder: &str) -> Vec<PathBuf> {
    let folder = root().join("monitoring").join(folder);
    let entries = fs::read_dir(&folder).expect("the folder is there");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|it| it == "yml"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "nothing in {}", folder.display());
    files
}

/// A text of the workspace.
pub(crate) fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All rules in one text.
pub(crate) fn rules() -> String {
    yml("rules").iter().map(read).collect()
}

/// The names of all alerts.
pub(crate) fn alerts() -> Vec<String> {
    let rules = rules();
    let lines = rules.lines();
    lines
        .filter_map(|line| line.trim().strip_prefix("- alert: "))
        .map(str::to_owned)
        .collect()
}
