//! Cases as one HTTP archive, version 1.2.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};

use crate::case::{Case, Headers, Url, decode};

/// Writes the cases that have an answer; the names of the others come second.
pub fn har(cases: &[Case]) -> (String, Vec<String>) {
    let mut left_out = Vec::new();
    let mut entries = Vec::new();
    for case in cases {
        match entry(case) {
            Some(entry) => entries.push(entry),
            None => left_out.push(case.name.clone()),
        }
    }
    let creator = json!({ "name": "cargo-idempotent", "version": env!("CARGO_PKG_VERSION") });
    let archive =
        json!({ "log": { "version": "1.2", "creator": creator, "pages": [], "entries": entries } });
    (format!("{archive:#}\n"), left_out)
}

fn entry(case: &Case) -> Option<Value> {
    let answer = case.response.as_ref()?;
    let url = Url::parse(&case.request.url).ok()?;
    let query: Vec<_> = url
        .query
        .iter()
        .flat_map(|q| q.split('&'))
        .map(|p| p.split_once('=').unwrap_or((p, "")))
        .map(|(n, v)| json!({ "name": decode(n), "value": decode(v) }))
        .collect();
    let (mut entry, mut added) = kept(case);
    let mut part = |name: &str, default: Value| {
        let before = entry.remove(name).unwrap_or_default();
        whole(name, &before, &default, &mut added)
    };
    let mut request = part(
        "request",
        json!({ "httpVersion": "HTTP/1.1", "headersSize": -1, "bodySize": case.request.body.0.len() }),
    );
    request["method"] = json!(case.request.method);
    request["url"] = json!(case.request.url);
    request["cookies"] = json!([]);
    request["headers"] = json!(pairs(&case.request.headers));
    request["queryString"] = json!(query);
    if !case.request.body.is_empty() {
        // Request bodies have no encoding field: only text can be written.
        let text = case.request.body.as_text()?;
        let kind = case.request.headers.get("content-type").unwrap_or_default();
        request["postData"] = json!({ "mimeType": kind, "text": text });
    }
    let kind = answer.headers.get("content-type").unwrap_or_default();
    let size = answer.body.0.len();
    let mut content = part("content", json!({ "size": size, "mimeType": kind }));
    if let Some(text) = answer.body.as_text() {
        content["text"] = json!(text);
    } else {
        content["text"] = json!(STANDARD.encode(&answer.body.0));
        content["encoding"] = json!("base64");
    }
    let location = answer.headers.get("location").unwrap_or_default();
    let mut response = part(
        "response",
        json!({
            "statusText": "", "httpVersion": "HTTP/1.1", "redirectURL": location,
            "headersSize": -1, "bodySize": -1,
        }),
    );
    response["status"] = json!(answer.status);
    response["cookies"] = json!([]);
    response["headers"] = json!(pairs(&answer.headers));
    response["content"] = content;
    let sent = if case.times.sent.is_empty() {
        added.push("startedDateTime".to_owned());
        "1970-01-01T00:00:00.000Z"
    } else {
        &case.times.sent
    };
    entry.insert("startedDateTime".into(), json!(sent));
    entry.insert("request".into(), request);
    entry.insert("response".into(), response);
    entry.insert(
        "_idempotent".into(),
        json!({ "name": case.name, "noise": case.noise, "answered": case.times.answered, "added": added }),
    );
    Some(Value::Object(entry))
}

/// A part as imported, with what the format demands; what was missing is listed, for
/// import to take out again.
fn whole(name: &str, before: &Value, default: &Value, added: &mut Vec<String>) -> Value {
    let mut part = before.as_object().cloned().unwrap_or_default();
    for (field, value) in default.as_object().into_iter().flatten() {
        if !part.contains_key(field) {
            part.insert(field.clone(), value.clone());
            added.push(format!("{name}.{field}"));
        }
    }
    Value::Object(part)
}

/// The entry's other fields as imported, and those that the format demands; the
/// names of what was added here come second, for import to take out again.
fn kept(case: &Case) -> (Map<String, Value>, Vec<String>) {
    let kept = case.kept.get("har").and_then(Value::as_object).cloned();
    let (mut kept, mut added) = (kept.unwrap_or_default(), Vec::new());
    for (name, value) in [
        ("time", json!(0)),
        ("cache", json!({})),
        ("timings", json!({ "send": 0, "wait": 0, "receive": 0 })),
    ] {
        if !kept.contains_key(name) {
            kept.insert(name.to_owned(), value);
            added.push(name.to_owned());
        }
    }
    // Firefox leaves out what the format demands of a cache's entry.
    for at in ["beforeRequest", "afterRequest"] {
        let entry = kept.get_mut("cache").and_then(|c| c.get_mut(at));
        let Some(entry) = entry.and_then(Value::as_object_mut) else {
            continue;
        };
        for (name, value) in [
            ("lastAccess", json!("")),
            ("eTag", json!("")),
            ("hitCount", json!(0)),
        ] {
            if !entry.contains_key(name) {
                entry.insert(name.to_owned(), value);
                added.push(format!("cache.{at}.{name}"));
            }
        }
    }
    (kept, added)
}

fn pairs(headers: &Headers) -> Vec<Value> {
    let pairs = headers.0.iter();
    pairs
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect()
}
