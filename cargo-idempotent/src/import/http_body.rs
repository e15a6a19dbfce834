//! The bodies of `.http` files: text with variables, files, and multipart forms.

use std::path::Path;

use super::http_file::fill;
use crate::{Problem, case::Body};

/// A body of one piece: text, or a file.
pub(super) fn body(
    lines: &[&(usize, &str)],
    variables: &[(String, String)],
    file: &Path,
) -> Result<Body, Problem> {
    let lines = own(lines);
    if let Some((line, text)) = lines.first()
        && let Some(bytes) = included(*line, text, variables, file)
    {
        return bytes.map(Body);
    }
    let Some((first, _)) = lines.first() else {
        return Ok(Body::default());
    };
    let text: Vec<_> = lines.iter().map(|(_, l)| *l).collect();
    let text = text.join("\n");
    fill(text.trim_end_matches('\n'), variables, *first).map(Body::text)
}

/// A multipart body: its lines end as the format wants them, and each `< file` stands
/// for the file.
pub(super) fn parts(
    lines: &[&(usize, &str)],
    variables: &[(String, String)],
    file: &Path,
) -> Result<Body, Problem> {
    let mut out = Vec::new();
    for (line, text) in own(lines) {
        match included(*line, text, variables, file) {
            Some(bytes) => out.extend(bytes?),
            None => out.extend(fill(text, variables, *line)?.into_bytes()),
        }
        out.extend_from_slice(b"\r\n");
    }
    while out.ends_with(b"\r\n\r\n") {
        out.truncate(out.len() - 2);
    }
    Ok(Body(out))
}

/// The lines up to the response's handler or its saved answer.
fn own<'a, 'b>(lines: &'b [&'a (usize, &'a str)]) -> &'b [&'a (usize, &'a str)] {
    let end = lines
        .iter()
        .position(|(_, l)| l.starts_with("> ") || l.starts_with(">>") || l.starts_with("<> "));
    &lines[..end.unwrap_or(lines.len())]
}

/// The file of a `< file` line as it is, or of `<@ file` with variables put in.
fn included(
    line: usize,
    text: &str,
    variables: &[(String, String)],
    file: &Path,
) -> Option<Result<Vec<u8>, Problem>> {
    let (name, filled) = match (text.strip_prefix("< "), text.strip_prefix("<@ ")) {
        (Some(name), _) => (name, false),
        (None, Some(name)) => (name, true),
        (None, None) => return None,
    };
    // `< {% … %}` is a script, not a file.
    if name.trim_start().starts_with("{%") {
        return None;
    }
    let path = file.parent().unwrap_or(Path::new("")).join(name.trim());
    let wrong = |e: String| Problem::at(line, "body", format!("{}: {e}", path.display()));
    Some(
        std::fs::read(&path)
            .map_err(|e| wrong(e.to_string()))
            .and_then(|bytes| {
                if !filled {
                    return Ok(bytes);
                }
                let text = String::from_utf8(bytes).map_err(|e| wrong(e.to_string()))?;
                fill(&text, variables, line).map(String::into_bytes)
            }),
    )
}
