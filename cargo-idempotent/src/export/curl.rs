//! Cases as shell text with one curl command each.

use std::fmt::Write as _;

use super::quoted;
use crate::case::{Case, Request};

/// Writes a script; a body that is not text costs its case, named in a comment.
pub fn curl(cases: &[Case]) -> String {
    let mut out = String::from("#!/bin/sh\n");
    for case in cases {
        let _ = write!(out, "\n# {}\n", case.name.replace('\n', " "));
        match command(&case.request) {
            Some(command) => out.push_str(&command),
            None => out.push_str("# left out: the body is not text\n"),
        }
    }
    out
}

/// One command, a line per option.
pub(crate) fn command(request: &Request) -> Option<String> {
    let mut out = format!("curl -sS -i -X {} {}", request.method, quoted(&request.url));
    for (name, value) in &request.headers.0 {
        let header = if value.is_empty() {
            format!("{name};")
        } else {
            format!("{name}: {value}")
        };
        let _ = write!(out, " \\\n  -H {}", quoted(&header));
    }
    if !request.body.is_empty() {
        // Else curl would add a form's type of its own.
        if request.headers.get("content-type").is_none() {
            out.push_str(" \\\n  -H 'Content-Type:'");
        }
        let _ = write!(out, " \\\n  --data-raw {}", quoted(request.body.as_text()?));
    }
    out.push('\n');
    Some(out)
}
