//! Cases as tests of a `tower` service: a module below a test file that says how the
//! service is made. It is written anew by each export, and that file never.

use std::fmt::Write as _;

use serde_json::Value;

use crate::case::{Case, Url, secret_name};

const HEAD: &str = "\
//! Made of recorded traffic by `cargo idempotent export --to rust`; do not edit it.
//!
//! The test file above it has `mod recorded;` and says how the service is made, anew for
//! each test, and what counts its effects:
//!
//! ```ignore
//! fn app() -> (axum::Router, impl Fn() -> usize) { … }
//! ```

use cargo_idempotent::{Profile, service};
use serde_json::{Value, from_str};

use super::app;

fn json(text: &str) -> Value {
    from_str(text).expect(\"the recording has JSON here\")
}
";

/// Writes a test for each route that changes state by a key, of its first case that
/// passed; what is left out comes second, each with its reason.
///
/// Another payload and one that fails are taken from the route's other cases.
pub fn rust(cases: &[Case]) -> (String, Vec<String>) {
    let (mut out, mut left_out, mut names) = (HEAD.to_owned(), Vec::new(), Vec::new());
    for case in cases {
        match test(case, cases, &mut names) {
            Ok(test) => out.push_str(&test),
            Err(why) => left_out.push(format!("{}: {why}", case.name)),
        }
    }
    (out, left_out)
}

fn test(case: &Case, cases: &[Case], names: &mut Vec<String>) -> Result<String, &'static str> {
    let request = &case.request;
    let keyed = request
        .headers
        .0
        .iter()
        .any(|(n, _)| n.to_ascii_lowercase().contains("idempotency"));
    match request.method.as_str() {
        "POST" | "PATCH" => {}
        "PUT" | "DELETE" if keyed => {}
        "PUT" | "DELETE" => return Err("idempotent by its method: it has no key to check"),
        _ => return Err("it changes nothing"),
    }
    if case.succeeded() == Some(false) {
        return Err("it was recorded as an error");
    }
    if case.truncated.request.is_some() {
        return Err("its body was recorded in part");
    }
    let url = Url::parse(&request.url).map_err(|_| "its URL cannot be read")?;
    let body = payload(case).ok_or("its body is not JSON")?;
    let name = name(&request.method, &url.path);
    // One test a route: the first case of it.
    if names.contains(&name) {
        return Err("a case of its route came before");
    }
    let mut out = format!(
        "\n#[tokio::test(start_paused = true)]\nasync fn {name}_is_idempotent() {{\n    \
         let (app, effects) = app();\n    let body = json({});\n    service(app)\n        \
         .request({:?}, {:?}, &body)\n",
        raw(&body),
        request.method,
        url.target()
    );
    names.push(name);
    let same_route = |c: &&Case| {
        let path = Url::parse(&c.request.url).map(|u| u.path);
        c.request.method == request.method && path.as_ref() == Ok(&url.path)
    };
    let mut siblings = cases.iter().filter(same_route).filter_map(|c| {
        let other = payload(c).filter(|p| *p != body && *p != "null")?;
        Some((c.succeeded()?, other))
    });
    if let Some((_, other)) = siblings.clone().find(|(passed, _)| *passed) {
        let _ = writeln!(out, "        .other(json({}))", raw(&other));
    }
    if let Some((_, failing)) = siblings.find(|(passed, _)| !passed) {
        let _ = writeln!(out, "        .failing(json({}))", raw(&failing));
    }
    for (name, value) in &request.headers.0 {
        let own = [
            "content-type",
            "idempotency-key",
            "user-agent",
            "accept-encoding",
        ];
        if own.iter().any(|o| name.eq_ignore_ascii_case(o)) {
            continue;
        }
        if secret_name(value).is_some() {
            let _ = writeln!(out, "        // A secret that was not recorded:");
        }
        let _ = writeln!(out, "        .header({name:?}, {value:?})");
    }
    out.push_str(
        "        .ledger(effects)\n        .check(Profile::Default)\n        .await\n        \
         .unwrap();\n}\n",
    );
    Ok(out)
}

/// The JSON of a case's body; `null` where it has none.
fn payload(case: &Case) -> Option<String> {
    match case.request.body.as_json() {
        Some(json) => Some(json.to_string()),
        None => case
            .request
            .body
            .is_empty()
            .then(|| Value::Null.to_string()),
    }
}

fn name(method: &str, path: &str) -> String {
    let words: String = format!("{method} {path}")
        .to_ascii_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
        .collect();
    words.split_whitespace().collect::<Vec<_>>().join("_")
}

/// A literal: plain where nothing is to be escaped, else raw with as many `#` as it needs.
fn raw(text: &str) -> String {
    if !text.contains(['"', '\\']) {
        return format!("\"{text}\"");
    }
    let mut marks = "#".to_owned();
    while text.contains(&format!("\"{marks}")) {
        marks.push('#');
    }
    format!("r{marks}\"{text}\"{marks}")
}
