//! Which files of a folder are read, and in which order.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use super::Format;

/// The format that a file's name tells, before its text is looked at.
pub(super) fn format_of(path: &Path) -> Option<Format> {
    match path.extension()?.to_str()? {
        "har" => Some(Format::Har),
        "http" | "rest" => Some(Format::Http),
        // An OpenAPI document is told by its text.
        "yaml" | "yml" => Some(Format::Keploy),
        "json" => Some(Format::OpenApi),
        #[cfg(feature = "cli")]
        "sh" | "curl" => Some(Format::Curl),
        _ => None,
    }
}

/// Keploy keeps mocks, mappings and reports beside the cases: only `tests` holds cases.
pub(super) fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for path in entries.filter_map(|e| Some(e.ok()?.path())) {
        if path.is_dir() {
            walk(&path, files);
        } else if let Some(format) = format_of(&path) {
            let in_tests = folder.file_name().is_some_and(|n| n == "tests");
            // Other YAML and JSON files lie about everywhere.
            if !matches!(format, Format::Keploy | Format::OpenApi) || in_tests {
                files.push(path);
            }
        }
    }
}

/// `test-2` before `test-10`: digits are padded for the comparison.
pub(super) fn natural(name: &str) -> String {
    let (mut out, mut digits) = (String::new(), String::new());
    for c in name.chars().chain(['\0']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            let _ = write!(out, "{digits:0>20}");
            digits.clear();
        }
        out.push(c);
    }
    out
}
