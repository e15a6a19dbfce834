//! Keploy test cases (`api.keploy.io/v1beta1`, `kind: Http`).
//!
//! `curl:` is derived and sometimes wrong: `spec.req` is the source. Noise names
//! candidates only, and is kept as such.

use serde_json::{Map, Value, json};

use super::{
    Import,
    keploy_body::{Binary, Raw},
    keploy_shape::Shape,
};
use crate::{
    Problem,
    case::{Body, Case, Headers, Request, Response, Source, Times, Url},
};

pub(super) fn read(text: &str) -> Import {
    let mut import = Import::default();
    for (above, document) in documents(text) {
        match (top(&document, "kind"), top(&document, "name")) {
            (None, _) if top(&document, "version").is_none() => {
                let message = "not a Keploy document: it has neither `version` nor `kind`";
                import.skipped.push(Problem::at(above + 1, "", message));
            }
            (Some(kind), name) if kind != "Http" => {
                let name = name.unwrap_or_default();
                let message = format!("`{name}` is of kind {kind}, and only Http can be run");
                import.skipped.push(Problem::at(above + 1, "kind", message));
            }
            _ => match shape(&document, above).and_then(|s| case(s, above)) {
                Ok(case) => import.cases.push(case),
                Err(problem) => import.problems.push(problem),
            },
        }
    }
    import
}

/// A field of the first column, read from the lines: a document of another kind
/// may hold anything, and is to be named, not decoded.
fn top<'a>(document: &'a str, field: &str) -> Option<&'a str> {
    let mut lines = document.lines();
    let value = lines.find_map(|l| l.strip_prefix(field)?.strip_prefix(':'))?;
    Some(value.trim().trim_matches(['"', '\'']))
}

/// Splits a stream at its `---` lines: a broken document then costs no other.
fn documents(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = vec![(0, String::new())];
    for (index, line) in text.split_inclusive('\n').enumerate() {
        if line.starts_with("---") {
            found.push((index + 1, String::new()));
        } else if let Some((_, document)) = found.last_mut() {
            document.push_str(line);
        }
    }
    found.retain(|(_, d)| {
        let mut lines = d.lines().map(str::trim);
        lines.any(|l| !l.is_empty() && !l.starts_with('#') && l != "...")
    });
    found
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

fn case(shape: Shape, above: usize) -> Result<Case, Problem> {
    let Shape {
        version,
        name,
        spec,
        rest,
        ..
    } = shape;
    let line = above + 1;
    Url::parse(&spec.req.url).map_err(|e| Problem::at(line, "spec.req.url", e))?;
    let (request_body, request_shape) = body(spec.req.body);
    let (response_body, response_shape) = body(spec.resp.body);
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
                headers: Headers::of_request(spec.req.header),
                body: request_body,
            },
        )
    })
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
