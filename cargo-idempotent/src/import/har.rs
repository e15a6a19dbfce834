//! HTTP archives, as browsers and tools write them.
//!
//! Entries are decoded one by one, so that a bad one costs no other; unknown
//! fields and `_fields` are kept.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::{Map, Value, json, value::RawValue};

use super::Import;
use crate::{
    Problem,
    case::{Body, Case, Headers, Request, Response, Source, Times, Url},
};

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    log: Log<'a>,
}

#[derive(Deserialize)]
struct Log<'a> {
    #[serde(borrow)]
    entries: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(default, rename = "startedDateTime")]
    started: String,
    request: Sent,
    response: Got,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Deserialize)]
struct Sent {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<Pair>,
    #[serde(default, rename = "postData")]
    post: Option<Post>,
}

#[derive(Deserialize)]
struct Got {
    status: u16,
    #[serde(default)]
    headers: Vec<Pair>,
    #[serde(default)]
    content: Content,
}

#[derive(Deserialize)]
struct Pair {
    name: String,
    #[serde(default)]
    value: String,
}

#[derive(Deserialize)]
struct Post {
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    params: Vec<Pair>,
}

#[derive(Default, Deserialize)]
struct Content {
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    encoding: Option<String>,
}

pub(super) fn read(text: &str) -> Import {
    let mut import = Import::default();
    match json_at::<File<'_>>(text, 1, "") {
        Ok(file) => {
            for (index, raw) in file.log.entries.iter().enumerate() {
                entry(raw, text, index, &mut import);
            }
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
            Ok(case) => import.cases.push(case),
            Err((at, message)) => {
                let at = format!("{field}.{at}");
                import.problems.push(Problem::at(line, at, message));
            }
        },
        Err(problem) => import.problems.push(problem),
    }
}

fn case(e: Entry, line: usize, index: usize) -> Result<Case, (&'static str, String)> {
    Url::parse(&e.request.url).map_err(|m| ("request.url", m))?;
    let request_body = match e.request.post {
        None => Body::default(),
        Some(Post { text: Some(t), .. }) if t.contains('\u{fffd}') => {
            let message = "the body was binary, and the archive lost its bytes".to_owned();
            return Err(("request.postData.text", message));
        }
        Some(Post { text: Some(t), .. }) => Body::text(t),
        Some(Post { params, .. }) => {
            let fields: Vec<_> = params
                .iter()
                .map(|p| format!("{}={}", p.name, p.value))
                .collect();
            Body::text(fields.join("&"))
        }
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
    let known = added().all(|a| a != "startedDateTime");
    let noise = ours["noise"].as_array().into_iter().flatten();
    let pairs = |list: Vec<Pair>| list.into_iter().map(|p| (p.name, p.value));
    // The archive's text is decoded already.
    let mut headers = Headers::of_response(pairs(e.response.headers));
    headers.remove("content-encoding");
    Ok(Case {
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
                headers: Headers::of_request(pairs(e.request.headers)),
                body: request_body,
            },
        )
    })
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
