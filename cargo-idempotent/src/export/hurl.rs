//! Cases as one hurl file: each request with its recorded status.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::case::Case;

/// Writes a hurl file; hurl runs it from top to bottom.
pub fn hurl(cases: &[Case]) -> String {
    let mut out = String::new();
    for case in cases {
        let request = &case.request;
        let _ = writeln!(out, "# {}", case.name.replace('\n', " "));
        let _ = writeln!(out, "{} {}", request.method, request.url);
        for (name, value) in &request.headers.0 {
            let _ = writeln!(out, "{name}: {}", escaped(value));
        }
        match request.body.as_text() {
            Some("") => {}
            Some(text) if !text.contains("{{") => {
                let _ = writeln!(out, "`{}`", one_line(text));
            }
            _ => {
                let encoded = STANDARD.encode(&request.body.0);
                let _ = writeln!(out, "base64,{encoded};");
            }
        }
        if let Some(answer) = &case.response {
            let _ = writeln!(out, "HTTP {}", answer.status);
        }
        out.push('\n');
    }
    out
}

/// `#` begins a comment in a value, `{{` a template.
fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('#', "\\#")
        .replace("{{", "\\{\\{")
}

fn one_line(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '`' => out.push_str("\\`"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    out
}
