//! Reading what people have: Keploy, HAR, curl and `.http` files.
//!
//! A bad entry is named by file, line and field, and costs no other entry.

#[cfg(feature = "cli")]
mod ansi;
#[cfg(feature = "cli")]
mod curl;
#[cfg(feature = "cli")]
mod curl_args;
#[cfg(feature = "cli")]
mod curl_data;
mod folder;
mod form;
mod har;
mod har_body;
mod har_shape;
mod http_body;
mod http_file;
mod http_lines;
mod keploy;
mod keploy_body;
mod keploy_documents;
mod keploy_form;
mod keploy_shape;
mod multipart;
mod openapi;
#[cfg(feature = "cli")]
mod shell;
mod yaml;

pub(crate) use keploy_body::Raw;
pub(crate) use keploy_shape::{Req, Resp, Shape as KeployShape, Spec};
pub(crate) use yaml::yaml;

use folder::{format_of, natural, walk};

use std::path::{Path, PathBuf};

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
    /// What was read, and may lack something that a run will need.
    pub notes: Vec<Problem>,
}

impl Import {
    fn add(&mut self, other: Self) {
        self.cases.extend(other.cases);
        self.problems.extend(other.problems);
        self.skipped.extend(other.skipped);
        self.notes.extend(other.notes);
    }
}

/// Reads one file's text.
pub fn text(format: Format, file: &str, text: &str) -> Import {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut read = match format {
        Format::Keploy => keploy::read(text, Path::new(file)),
        Format::Har => har::read(text),
        #[cfg(feature = "cli")]
        Format::Curl => curl::read(text, Path::new(file)),
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
    let lists = [&mut read.problems, &mut read.skipped, &mut read.notes];
    for problem in lists.into_iter().flatten() {
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
                } else if keploy::is_json(&content) {
                    Format::Keploy
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
