//! OpenAPI 3 documents: a case per operation, from its examples, and from its schemas
//! where it has none.
//!
//! Operations are read from the untyped document one by one. Typed readers refuse a
//! whole document for one schema of another version; what is needed here is the same
//! in 3.0, 3.1 and 3.2.

mod operation;
mod sample;

use serde_json::Value;

use super::Import;
use crate::Problem;

/// Whether a text is an OpenAPI document, in YAML or JSON.
pub(super) fn is(text: &str) -> bool {
    let mut lines = text.lines().take(50);
    lines.any(|l| l.starts_with("openapi:") || l.trim_start().starts_with("\"openapi\""))
        || text.starts_with("{\"openapi\"")
}

pub(super) fn read(text: &str) -> Import {
    let mut import = Import::default();
    let document: Value = if text.trim_start().starts_with('{') {
        match serde_json::from_str(text) {
            Ok(document) => document,
            Err(e) => {
                import
                    .problems
                    .push(Problem::at(e.line(), "", e.to_string()));
                return import;
            }
        }
    } else {
        match super::yaml(text, 0) {
            Ok(document) => document,
            Err(problem) => {
                import.problems.push(problem);
                return import;
            }
        }
    };
    let version = document["openapi"].as_str().unwrap_or_default();
    if !version.starts_with("3.") {
        let message = format!("version `{version}` is not read, only 3.x");
        import.problems.push(Problem::at(1, "openapi", message));
        return import;
    }
    let server = server(&document);
    let Some(paths) = document["paths"].as_object() else {
        import
            .problems
            .push(Problem::at(1, "paths", "the document has none"));
        return import;
    };
    for (path, item) in paths {
        let line = line_of(text, path);
        for method in ["get", "put", "post", "patch", "delete", "head"] {
            if item.get(method).is_none() {
                continue;
            }
            let field = format!("paths.{path}.{method}");
            match operation::case(&document, &server, path, item, method) {
                Ok(mut case) => {
                    case.source.line = line;
                    import.cases.push(case);
                }
                Err(message) => import.problems.push(Problem::at(line, field, message)),
            }
        }
    }
    import
}

/// The first server, with its variables' defaults; a relative one is put on localhost.
fn server(document: &Value) -> String {
    let server = &document["servers"][0];
    let mut url = server["url"].as_str().unwrap_or("/").to_owned();
    for (name, variable) in server["variables"].as_object().into_iter().flatten() {
        let default = variable["default"].as_str().unwrap_or_default();
        url = url.replace(&format!("{{{name}}}"), default);
    }
    if !url.contains("://") {
        url = format!("http://localhost:8080/{}", url.trim_start_matches('/'));
    }
    url.trim_end_matches('/').to_owned()
}

fn line_of(text: &str, path: &str) -> usize {
    let key = |l: &str| {
        let l = l.trim().trim_start_matches(['"', '\'']);
        l.strip_prefix(path).is_some_and(|rest| {
            rest.trim_start_matches(['"', '\''])
                .trim_start()
                .starts_with(':')
        })
    };
    text.lines().position(key).map_or(1, |at| at + 1)
}
