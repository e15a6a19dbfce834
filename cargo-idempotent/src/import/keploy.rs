//! Keploy test cases (`api.keploy.io/v1beta1`, `kind: Http`).
//!
//! `curl:` is derived and sometimes wrong: `spec.req` is the source. Noise names
//! candidates only, and is kept as such.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::{
    Import,
    keploy_body::{Binary, Raw},
    keploy_documents::documents,
    keploy_form,
    keploy_shape::Shape,
};
use crate::{
    Problem,
    case::{Body, Case, Headers, Request, Response, Source, Times, Truncated, Url},
};

pub(super) fn read(text: &str, file: &Path) -> Import {
    let mut import = Import::default();
    let documents = documents(text);
    let many = documents.len() > 1;
    for (number, (above, document)) in (1..).zip(documents) {
        let place = |mut problem: Problem| {
            if many {
                problem.message = format!("document {number}: {}", problem.message);
            }
            problem
        };
        match (top(&document, "kind"), top(&document, "name")) {
            (None, _) if top(&document, "version").is_none() => {
                let message = "not a Keploy document: it has neither `version` nor `kind`";
                let problem = Problem::at(above + 1, "", message);
                import.skipped.push(place(problem));
            }
            (Some(kind), name) if kind != "Http" => {
                let name = name.unwrap_or_default();
                let message = format!("`{name}` is of kind {kind}, and only Http can be run");
                let problem = Problem::at(above + 1, "kind", message);
                import.skipped.push(place(problem));
            }
            (None, name) => {
                let name = name.unwrap_or_default();
                let message = format!("`{name}` has no kind: a report or a mapping, no case");
                let problem = Problem::at(above + 1, "kind", message);
                import.skipped.push(place(problem));
            }
            _ => match shape(&document, above).and_then(|s| case(s, above, file)) {
                Ok(case) => import.cases.push(case),
                Err(problem) => import.problems.push(place(problem)),
            },
        }
    }
    import
}

/// Whether a JSON text is a Keploy document, or a list of them.
pub(super) fn is_json(text: &str) -> bool {
    let start: String = text.chars().take(2_000).collect();
    start.trim_start().starts_with(['{', '[']) && start.contains("api.keploy.io/")
}

/// A field of the first column, read from the lines: a document of another kind
/// may hold anything, and is to be named, not decoded.
fn top(document: &str, field: &str) -> Option<String> {
    if document.starts_with('{') {
        let json: Value = serde_json::from_str(document).ok()?;
        return Some(json[field].as_str()?.to_owned());
    }
    let mut lines = document.lines();
    let value = lines.find_map(|l| l.strip_prefix(field)?.strip_prefix(':'))?;
    Some(value.trim().trim_matches(['"', '\'']).to_owned())
}

/// A `!!binary` body has to be asked for as such: each way is tried.
fn shape(document: &str, above: usize) -> Result<Shape, Problem> {
    let plain = super::yaml::yaml::<Shape>(document, above);
    if plain.is_ok() || !document.contains("!!binary") {
        return plain;
    }
    super::yaml::yaml::<Shape<Binary, Raw>>(document, above)
        .map(Shape::plain)
        .or_else(|_| super::yaml::yaml::<Shape<Raw, Binary>>(document, above).map(Shape::plain))
        .or_else(|_| super::yaml::yaml::<Shape<Binary, Binary>>(document, above).map(Shape::plain))
        .or(plain)
}

fn case(shape: Shape, above: usize, file: &Path) -> Result<Case, Problem> {
    let Shape {
        version,
        name,
        mut spec,
        rest,
        ..
    } = shape;
    let line = above + 1;
    Url::parse(&spec.req.url).map_err(|e| Problem::at(line, "spec.req.url", e))?;
    let (mut request_body, request_shape) = body(spec.req.body);
    let (response_body, response_shape) = body(spec.resp.body);
    let mut headers = spec.req.header;
    if request_body.is_empty()
        && let Some(made) = keploy_form::body(&spec.req.rest, &mut headers, file)
    {
        request_body = made.map_err(|e| Problem::at(line, "spec.req.form", e))?;
    }
    let mut truncated = Truncated::default();
    if let (true, Some((path, size))) = (request_body.is_empty(), referred(&spec.req.rest)) {
        match asset(file, path) {
            Some(bytes) => {
                request_body = Body(bytes);
                // It stands in its place now: a reader of our export has no such file.
                spec.req.rest.remove("body_ref");
            }
            None => truncated.request = Some(size),
        }
    }
    let skipped = spec.resp.rest.get("body_skipped") == Some(&json!(true));
    if skipped {
        let size = spec.resp.rest.get("body_size").and_then(Value::as_u64);
        truncated.response = Some(size.unwrap_or(0));
    }
    let noise = spec.assertions.as_ref().map(noise).unwrap_or_default();
    let kept = json!({
        "version": version, "top": rest, "spec": spec.rest, "req": spec.req.rest,
        "resp": spec.resp.rest, "assertions": spec.assertions,
        "req_body": request_shape, "resp_body": response_shape,
    });
    Ok(Case {
        source: Source {
            line,
            ..Source::default()
        },
        response: Some(Response {
            status: spec.resp.status_code,
            headers: Headers::of_response(spec.resp.header),
            body: response_body,
        }),
        noise,
        truncated,
        times: Times {
            sent: spec.req.timestamp,
            answered: spec.resp.timestamp,
            ..Times::default()
        },
        kept: Map::from_iter([("keploy".to_owned(), kept)]),
        ..Case::new(
            name,
            Request {
                method: spec.req.method.to_ascii_uppercase(),
                url: spec.req.url,
                headers: Headers::of_request(headers),
                body: request_body,
            },
        )
    })
}

/// A body that Keploy keeps in a file of its own, and its size.
fn referred(rest: &Map<String, Value>) -> Option<(&str, u64)> {
    let body = rest.get("body_ref")?;
    let path = body["path"].as_str().filter(|p| !p.is_empty())?;
    Some((path, body["size"].as_u64().unwrap_or(0)))
}

/// Its bytes; the path counts from the case's folder or from one above it.
pub(super) fn asset(file: &Path, path: &str) -> Option<Vec<u8>> {
    let mut folders = file.ancestors().skip(1).take(4);
    folders.find_map(|folder| std::fs::read(folder.join(path)).ok())
}

/// A decoded body stands as JSON text, and in its own shape for export.
fn body(raw: Raw) -> (Body, Value) {
    match raw {
        Raw::Bytes(bytes) => (Body(bytes), Value::Null),
        Raw::Shaped(value) => (Body::text(value.to_string()), value),
    }
}

/// Noise is a map of paths, or, in older files, a list of them.
fn noise(assertions: &Value) -> Vec<String> {
    match assertions.get("noise") {
        Some(Value::Object(map)) => map.keys().cloned().collect(),
        Some(Value::Array(list)) => list
            .iter()
            .filter_map(|v| Some(v.as_str()?.to_owned()))
            .collect(),
        _ => Vec::new(),
    }
}
