//! `.http` files: requests as editors keep them, split by `###` lines.
//!
//! `# @name x`, `@variable = value`, a request line with continued query lines,
//! headers, a body or `< file`; response handlers (`> {% … %}`) are skipped.

use std::path::Path;

use super::{
    Import,
    http_body::{body, parts},
    http_lines::{Block, blocks},
};
use crate::{
    Problem,
    case::{Case, Headers, Request, Source, Url},
};

const METHODS: &[&str] = &[
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE",
];

pub(super) fn read(text: &str, file: &Path) -> Import {
    let mut import = Import::default();
    let mut variables = Vec::new();
    for (index, block) in blocks(text).iter().enumerate() {
        match request(block, &mut variables, file) {
            Ok(Some((line, name, request))) => {
                let name = name.unwrap_or_else(|| format!("request-{}", index + 1));
                import.cases.push(Case {
                    source: Source {
                        line,
                        ..Source::default()
                    },
                    ..Case::new(name, request)
                });
            }
            Ok(None) => {}
            Err(problem) => import.problems.push(problem),
        }
    }
    import
}

type Named = (usize, Option<String>, Request);

fn request(
    block: &Block<'_>,
    variables: &mut Vec<(String, String)>,
    file: &Path,
) -> Result<Option<Named>, Problem> {
    let mut lines = block.lines.iter().peekable();
    let mut name = block.title.clone();
    // Before the request line: names, variables, comments.
    let (line, first) = loop {
        let Some((line, text)) = lines.next() else {
            return Ok(None);
        };
        let trimmed = text.trim();
        let comment = trimmed.strip_prefix('#').or(trimmed.strip_prefix("//"));
        if let Some(comment) = comment {
            if let Some(given) = comment.trim().strip_prefix("@name") {
                name = Some(given.trim_start_matches(['=', ' ']).trim().to_owned());
            }
        } else if let Some(definition) = trimmed.strip_prefix('@') {
            let Some((key, value)) = definition.split_once('=') else {
                let message = "a variable is written `@name = value`";
                return Err(Problem::at(*line, definition, message));
            };
            let value = fill(value.trim(), variables, *line)?;
            variables.push((key.trim().to_owned(), value));
        } else if trimmed.starts_with("< {%") {
            // A script that runs before the request: its lines are not ours.
            let one_line = trimmed.contains("%}");
            while !one_line && lines.next().is_some_and(|(_, l)| !l.contains("%}")) {}
        } else if !trimmed.is_empty() {
            break (*line, trimmed.to_owned());
        }
    };
    let mut first = first;
    while let Some((_, next)) = lines
        .next_if(|(_, l)| l.starts_with([' ', '\t']) && l.trim_start().starts_with(['?', '&', '/']))
    {
        first.push_str(next.trim());
    }
    let (method, url) = request_line(&fill(&first, variables, line)?, line)?;
    let mut headers = Vec::new();
    for (line, text) in lines.by_ref() {
        if text.trim().is_empty() {
            break;
        }
        if text.starts_with('#') || text.starts_with("//") {
            continue;
        }
        let Some((header, value)) = text.split_once(':') else {
            let message = format!("`{text}` is no header: write `Name: value`, then an empty line");
            return Err(Problem::at(*line, "headers", message));
        };
        headers.push((
            header.trim().to_owned(),
            fill(value.trim(), variables, *line)?,
        ));
    }
    let rest: Vec<_> = lines.collect();
    let multipart = headers
        .iter()
        .any(|(n, v)| n.eq_ignore_ascii_case("content-type") && v.starts_with("multipart/"));
    let body = if multipart {
        parts(&rest, variables, file)?
    } else {
        body(&rest, variables, file)?
    };
    let request = Request {
        method,
        url,
        headers: Headers::of_request(headers),
        body,
    };
    Ok(Some((line, name, request)))
}

fn request_line(text: &str, line: usize) -> Result<(String, String), Problem> {
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or_default();
    let (method, url) = if METHODS.contains(&first) {
        (first, words.next().unwrap_or_default())
    } else if first.contains("://") {
        ("GET", first)
    } else {
        let message = format!("`{first}` is neither a method nor an absolute URL");
        return Err(Problem::at(line, "request line", message));
    };
    match words.next() {
        Some(version) if !version.starts_with("HTTP/") => {
            let message =
                format!("`{version}` after the URL: only an HTTP version may stand there");
            return Err(Problem::at(line, "request line", message));
        }
        _ => {}
    }
    Url::parse(url).map_err(|e| Problem::at(line, "url", e))?;
    Ok((method.to_owned(), url.to_owned()))
}

/// Puts variables in; one that the file does not define is an error.
pub(super) fn fill(
    text: &str,
    variables: &[(String, String)],
    line: usize,
) -> Result<String, Problem> {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, tail)) = after.split_once("}}") else {
            break;
        };
        let name = name.trim();
        let found = variables.iter().rev().find(|(n, _)| n == name);
        let Some((_, value)) = found else {
            let message = "this file does not define it: write `@name = value` above";
            return Err(Problem::at(line, format!("{{{{{name}}}}}"), message));
        };
        out.push_str(before);
        out.push_str(value);
        rest = tail;
    }
    Ok(out + rest)
}
