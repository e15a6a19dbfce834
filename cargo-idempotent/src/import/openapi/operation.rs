//! One operation as a case.

use serde_json::{Map, Value, json};

use super::sample::{Side, resolve, sample};
use crate::case::{Body, Case, Headers, Request, Response, Url};

/// The case of an operation, or why there is none.
pub(super) fn case(
    document: &Value,
    server: &str,
    path: &str,
    item: &Value,
    method: &str,
) -> Result<Case, String> {
    let operation = &item[method];
    let mut filled = path.to_owned();
    let (mut query, mut headers) = (Vec::new(), Headers::default());
    let lists = [&item["parameters"], &operation["parameters"]];
    for parameter in lists.into_iter().filter_map(Value::as_array).flatten() {
        let parameter = resolve(document, parameter)?;
        let name = parameter["name"]
            .as_str()
            .ok_or("a parameter has no name")?;
        let place = parameter["in"].as_str().unwrap_or_default();
        let key = name.to_ascii_lowercase().contains("idempotency");
        if place != "path" && parameter["required"] != json!(true) && !key {
            continue;
        }
        let value = example(document, parameter, Side::Request)?;
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        match place {
            "path" => filled = filled.replace(&format!("{{{name}}}"), &text),
            "query" => query.push(format!("{name}={text}")),
            "header" => headers.0.push((name.to_owned(), text)),
            _ => {}
        }
    }
    if filled.contains('{') {
        return Err(format!(
            "the path `{filled}` has a parameter that is not described"
        ));
    }
    let mut body = Body::default();
    if let Some(content) = operation.get("requestBody") {
        let content = &resolve(document, content)?["content"];
        if let Some((kind, text)) = media(document, content, Side::Request)? {
            headers.set("Content-Type", kind);
            body = Body::text(text);
        } else {
            return Err("its body is neither JSON nor a form: record one instead".into());
        }
    }
    let query = if query.is_empty() {
        String::new()
    } else {
        format!("?{}", query.join("&"))
    };
    let url = format!("{server}{filled}{query}");
    Url::parse(&url)?;
    let named = operation["operationId"].as_str();
    let name = named.map_or_else(|| format!("{method} {path}"), str::to_owned);
    let mut case = Case::new(
        name,
        Request {
            method: method.to_ascii_uppercase(),
            url,
            headers: Headers::of_request(headers.0),
            body,
        },
    );
    case.response = answer(document, operation)?;
    let kept = json!({ "path": path, "made": true });
    case.kept = Map::from_iter([("openapi".to_owned(), kept)]);
    Ok(case)
}

/// The first success that the operation describes.
fn answer(document: &Value, operation: &Value) -> Result<Option<Response>, String> {
    let responses = operation["responses"].as_object();
    let described = responses
        .into_iter()
        .flatten()
        .find_map(|(status, response)| {
            let status = status.replace(['X', 'x'], "0").parse().ok()?;
            (200..300).contains(&status).then_some((status, response))
        });
    let Some((status, response)) = described else {
        return Ok(None);
    };
    let response = resolve(document, response)?;
    let mut answer = Response {
        status,
        ..Response::default()
    };
    if let Some((kind, text)) = media(document, &response["content"], Side::Answer)? {
        answer.headers.set("Content-Type", kind);
        answer.body = Body::text(text);
    }
    Ok(Some(answer))
}

/// A body of a kind that can be made: JSON, or a form.
fn media(
    document: &Value,
    content: &Value,
    side: Side,
) -> Result<Option<(String, String)>, String> {
    let kinds = || content.as_object().into_iter().flatten();
    let json = kinds().find(|(kind, _)| kind.contains("json"));
    if let Some((kind, media)) = json {
        let value = example(document, media, side)?;
        return Ok(Some((kind.clone(), value.to_string())));
    }
    let form = "application/x-www-form-urlencoded";
    let Some((kind, media)) = kinds().find(|(kind, _)| *kind == form) else {
        return Ok(None);
    };
    let value = example(document, media, side)?;
    let fields = value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            format!("{name}={}", text.replace(' ', "+"))
        });
    let fields: Vec<_> = fields.collect();
    Ok(Some((kind.clone(), fields.join("&"))))
}

/// The example that stands there, or one made of the schema.
fn example(document: &Value, media: &Value, side: Side) -> Result<Value, String> {
    if let Some(example) = media.get("example") {
        return Ok(example.clone());
    }
    let first = media["examples"]
        .as_object()
        .and_then(|e| e.values().next());
    if let Some(first) = first {
        let first = resolve(document, first)?;
        if let Some(value) = first.get("value").or_else(|| first.get("dataValue")) {
            return Ok(value.clone());
        }
    }
    sample(document, &media["schema"], side, 0)
}
