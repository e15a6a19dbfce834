//! Reading what people have: Keploy, HAR, curl and `.http` files.
//!
//! A bad entry is named by file, line and field, and costs no other entry.

#[cfg(feature = "cli")]
mod ansi;
#[cfg(feature = "cli")]
mod curl;
#[cfg(feature = "cli")]
mod curl_args;
mod har;
mod http_file;
mod http_lines;
mod keploy;
mod keploy_body;
mod keploy_shape;
mod openapi;
mod yaml;

pub(crate) use keploy_body::Raw;
pub(crate) use keploy_shape::{Req, Resp, Shape as KeployShape, Spec};
pub(crate) use yaml::yaml;

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use crate::{Problem, case::Case};

/// A format that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// A Keploy test case, `api.keploy.io/v1beta1`.
    Keploy,
    /// An HTTP archive, as browsers export it.
    Har,
    /// Shell text with curl commands.
    #[cfg(feature = "cli")]
    Curl,
    /// The request files of editors.
    Http,
    /// An OpenAPI document, 3.0 and later.
    OpenApi,
}

/// What was read, and what was not.
#[derive(Clone, Debug, Default)]
pub struct Import {
    /// The cases, in their order.
    pub cases: Vec<Case>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// What was left out on purpose, each with its reason.
    pub skipped: Vec<Problem>,
}

impl Import {
    fn add(&mut self, other: Self) {
        self.cases.extend(other.cases);
        self.problems.extend(other.problems);
        self.skipped.extend(other.skipped);
    }
}

/// Reads one file's text.
pub fn text(format: Format, file: &str, text: &str) -> Import {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut read = match format {
        Format::Keploy => keploy::read(text),
        Format::Har => har::read(text),
        #[cfg(feature = "cli")]
        Format::Curl => curl::read(text),
        Format::Http => http_file::read(text, Path::new(file)),
        Format::OpenApi => openapi::read(text),
    };
    let label = match format {
        Format::Keploy => "keploy",
        Format::Har => "har",
        #[cfg(feature = "cli")]
        Format::Curl => "curl",
        Format::Http => "http",
        Format::OpenApi => "openapi",
    };
    for case in &mut read.cases {
        label.clone_into(&mut case.source.format);
        file.clone_into(&mut case.source.file);
    }
    for problem in read.problems.iter_mut().chain(&mut read.skipped) {
        file.clone_into(&mut problem.file);
    }
    read
}

/// Reads files and folders; a folder stands for every file in it that a format
/// can be told of, Keploy's `tests` folders among them.
pub fn paths(paths: &[PathBuf]) -> Import {
    let mut all = Import::default();
    for path in paths {
        if path.is_dir() {
            let mut files = Vec::new();
            walk(path, &mut files);
            files.sort_by_cached_key(|p| natural(&p.display().to_string()));
            if files.is_empty() {
                let message = "no Keploy, HAR, curl or .http file lies in this folder";
                all.problems.push(Problem::file(path, message));
            }
            for file in files {
                all.add(one(&file));
            }
        } else {
            all.add(one(path));
        }
    }
    all
}

fn one(path: &Path) -> Import {
    let mut import = Import::default();
    let Some(format) = format_of(path) else {
        let message = "the format cannot be told from the name: use .har, .http, .rest, .sh, .curl, .yaml, .yml or .json";
        import.problems.push(Problem::file(path, message));
        return import;
    };
    match std::fs::read(path) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(content) => {
                let format = if openapi::is(&content) {
                    Format::OpenApi
                } else {
                    format
                };
                text(format, &path.display().to_string(), &content)
            }
            Err(e) => {
                import.problems.push(Problem::file(path, e.to_string()));
                import
            }
        },
        Err(e) => {
            import.problems.push(Problem::file(path, e.to_string()));
            import
        }
    }
}

fn format_of(path: &Path) -> Option<Format> {
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
fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
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
fn natural(name: &str) -> String {
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
