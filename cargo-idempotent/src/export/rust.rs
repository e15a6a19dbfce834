//! Cases as tests of a `tower` service, to be filled in where the service is made.

use std::fmt::Write as _;

use crate::case::{Case, Url, secret_name};

const HEAD: &str = "\
//! Made of recorded traffic by `cargo idempotent export --to rust`. Say in `app` how
//! your service is made and what counts its effects.

use cargo_idempotent::Profile;

fn app() -> (axum::Router, impl Fn() -> usize) {
    unimplemented!(\"your service, and how often its work was done\")
}
";

/// Writes a test for each case that changes state with a JSON body, or with none; the
/// names of the others come second.
pub fn rust(cases: &[Case]) -> (String, Vec<String>) {
    let (mut out, mut left_out, mut names) = (HEAD.to_owned(), Vec::new(), Vec::new());
    for case in cases {
        match test(case, &mut names) {
            Some(test) => out.push_str(&test),
            None => left_out.push(case.name.clone()),
        }
    }
    (out, left_out)
}

fn test(case: &Case, names: &mut Vec<String>) -> Option<String> {
    let request = &case.request;
    let changes = matches!(request.method.as_str(), "POST" | "PUT" | "PATCH" | "DELETE");
    if !changes || case.succeeded() == Some(false) {
        return None;
    }
    let url = Url::parse(&request.url).ok()?;
    let body = match request.body.as_json() {
        Some(json) => json.to_string(),
        None if request.body.is_empty() => "null".to_owned(),
        None => return None,
    };
    let words: String = format!("{} {}", request.method, url.path)
        .to_ascii_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
        .collect();
    let name = words.split_whitespace().collect::<Vec<_>>().join("_");
    // One test a route: the first case of it.
    if names.contains(&name) {
        return None;
    }
    let mut out = format!(
        "\n#[tokio::test(start_paused = true)]\nasync fn {name}_is_idempotent() {{\n    \
         let (app, effects) = app();\n    let body = serde_json::from_str({}).unwrap();\n    \
         cargo_idempotent::service(app)\n        .request({:?}, {:?}, &body)\n",
        raw(&body),
        request.method,
        url.target()
    );
    names.push(name);
    for (name, value) in &request.headers.0 {
        let own = ["content-type", "idempotency-key", "user-agent"];
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
    Some(out)
}

/// A raw string with as many `#` as it needs.
fn raw(text: &str) -> String {
    let mut marks = "#".to_owned();
    while text.contains(&format!("\"{marks}")) {
        marks.push('#');
    }
    format!("r{marks}\"{text}\"{marks}")
}
