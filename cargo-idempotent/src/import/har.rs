//! HTTP archives, as browsers and tools write them.
//!
//! Entries are decoded one by one, so that a bad one costs no other; unknown
//! fields and `_fields` are kept.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::{Map, Value, json, value::RawValue};

use super::{
    Import,
    har_body::posted,
    har_shape::{Entry, File, Pair},
};
use crate::{
    Problem,
    case::{Body, Case, Headers, Request, Response, Source, Times, Url, placeholder},
};

pub(super) fn read(text: &str) -> Import {
    let mut import = Import::default();
    match json_at::<File<'_>>(text, 1, "") {
        Ok(file) => {
            for (index, raw) in file.log.entries.iter().enumerate() {
                entry(raw, text, index, &mut import);
            }
            stripped(&mut import);
        }
        Err(problem) => import.problems.push(problem),
    }
    import
}

fn entry(raw: &RawValue, file: &str, index: usize, import: &mut Import) {
    // The raw value borrows from the file: its offset tells the line.
    let offset = raw.get().as_ptr().addr() - file.as_ptr().addr();
    let line = 1 + file[..offset].matches('\n').count();
    let field = format!("log.entries[{index}]");
    match json_at::<Entry>(raw.get(), line, &field) {
        Ok(e) if e.response.status == 0 => {
            let message = "status 0: the browser got no answer";
            import.skipped.push(Problem::at(line, field, message));
        }
        Ok(e) => match case(e, line, index) {
            Ok(Ok(case)) => import.cases.push(case),
            Ok(Err(left_out)) => {
                let at = format!("{field}.request.postData");
                import.skipped.push(Problem::at(line, at, left_out));
            }
            Err((at, message)) => {
                let at = format!("{field}.{at}");
                import.problems.push(Problem::at(line, at, message));
            }
        },
        Err(problem) => import.problems.push(problem),
    }
}

/// Browsers leave credentials out of their exports: what a run will need is said.
fn stripped(import: &mut Import) {
    let doors = |case: &Case| {
        let headers = &case.request.headers;
        ["cookie", "authorization"]
            .iter()
            .any(|d| headers.get(d).is_some())
    };
    if import.cases.is_empty() || import.cases.iter().any(doors) {
        return;
    }
    let message = "no request has a Cookie or Authorization header: browsers leave them out of \
                   exports. If the service wants one, give it to the run: \
                   --header 'Authorization: …'";
    import.notes.push(Problem::at(0, "log.entries", message));
}

/// The case, or why it is left out, or what is wrong with it.
type Read = Result<Result<Case, String>, (&'static str, String)>;

fn case(e: Entry, line: usize, index: usize) -> Read {
    Url::parse(&e.request.url).map_err(|m| ("request.url", m))?;
    let request_body = match e.request.post.map_or(Ok(Ok(Body::default())), posted)? {
        Ok(body) => body,
        Err(left_out) => return Ok(Err(left_out)),
    };
    let content = e.response.content.text.unwrap_or_default();
    let response_body = match e.response.content.encoding.as_deref() {
        Some("base64") => STANDARD
            .decode(content.as_bytes())
            .map(Body)
            .map_err(|m| ("response.content.text", m.to_string()))?,
        _ => Body::text(content),
    };
    let mut rest = e.rest;
    let ours = rest.remove("_idempotent").unwrap_or_default();
    let name = ours["name"]
        .as_str()
        .map_or_else(|| format!("entry-{}", index + 1), str::to_owned);
    // What our own export had to add.
    let added = || ours["added"].as_array().into_iter().flatten();
    rest.retain(|field, _| added().all(|a| a != field));
    for path in added().filter_map(Value::as_str) {
        if let ["cache", at, name] = path.split('.').collect::<Vec<_>>()[..]
            && let Some(entry) = rest.get_mut("cache").and_then(|c| c[at].as_object_mut())
        {
            entry.remove(name);
        }
    }
    let known = added().all(|a| a != "startedDateTime");
    for (part, inner) in [
        ("request", e.request.rest),
        ("response", e.response.rest),
        ("content", e.response.content.rest),
    ] {
        let added = |name: &str| added().any(|a| *a == format!("{part}.{name}"));
        let inner = kept(inner, added);
        if !inner.is_empty() {
            rest.insert(part.to_owned(), Value::Object(inner));
        }
    }
    let noise = ours["noise"].as_array().into_iter().flatten();
    let pairs = |list: Vec<Pair>| list.into_iter().map(|p| (p.name, p.value));
    // The archive's text is decoded already.
    let mut headers = Headers::of_response(pairs(e.response.headers));
    headers.remove("content-encoding");
    let mut sent = Headers::of_request(pairs(e.request.headers));
    if !e.request.cookies.is_empty() && sent.get("cookie").is_none() {
        // The export has them beside the headers only: their values are a secret, too.
        sent.set("Cookie", placeholder("cookie"));
    }
    Ok(Ok(Case {
        source: Source {
            line,
            ..Source::default()
        },
        response: Some(Response {
            status: e.response.status,
            headers,
            body: response_body,
        }),
        noise: noise.filter_map(|v| Some(v.as_str()?.to_owned())).collect(),
        times: Times {
            sent: if known { e.started } else { String::new() },
            answered: ours["answered"].as_str().unwrap_or_default().to_owned(),
            ..Times::default()
        },
        kept: Map::from_iter([("har".to_owned(), json!(rest))]),
        ..Case::new(
            name,
            Request {
                method: e.request.method.to_ascii_uppercase(),
                url: e.request.url,
                headers: sent,
                body: request_body,
            },
        )
    }))
}

/// What else a part has: all but what an export makes anew, or had to add.
fn kept(part: Map<String, Value>, added: impl Fn(&str) -> bool) -> Map<String, Value> {
    let made = |name: &str| ["cookies", "queryString"].contains(&name) || added(name);
    // Charles writes nulls where the format has texts: they say nothing.
    let says = |(name, value): &(String, Value)| !value.is_null() && !made(name);
    part.into_iter().filter(says).collect()
}

/// Decodes JSON that begins at a line of its file; errors name line and field.
fn json_at<'a, T: Deserialize<'a>>(text: &'a str, line: usize, field: &str) -> Result<T, Problem> {
    let mut de = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut de).map_err(|e| {
        let path = match (field, e.path().to_string().as_str()) {
            ("", path) => path.to_owned(),
            (field, ".") => field.to_owned(),
            (field, path) => format!("{field}.{path}"),
        };
        Problem::at(
            line + e.inner().line().max(1) - 1,
            path,
            e.into_inner().to_string(),
        )
    })
}
