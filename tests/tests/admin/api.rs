//! The JSON side is what its document says.

use axum::body::Body;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::world::{READER, Service, request};

#[tokio::test]
async fn every_path_of_the_document_answers_and_as_it_says() {
    let service = Service::new();
    let done = service.done("paid").await;
    let document = service.get(READER, "/api/openapi.json").await.json();
    assert_eq!(document["openapi"], "3.1.0");
    let mut asked = 0;
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, described) in methods.as_object().expect("methods") {
            if method == "parameters" {
                continue;
            }
            let path = path.replace("{id}", &done.id.to_string());
            let got = match method.as_str() {
                "get" => service.get(READER, &path).await,
                _ => service.post_json(READER, &path, &json!({})).await,
            };
            let status = got.status.as_u16().to_string();
            let told = &described["responses"][&status];
            assert!(
                !told.is_null(),
                "{method} {path} answers {status}, which is not described"
            );
            let problem = got.header("content-type") == "application/problem+json";
            assert_eq!(
                problem,
                told["$ref"] == "#/components/responses/Problem",
                "{method} {path}"
            );
            if problem {
                assert_eq!(got.json()["status"], got.status.as_u16(), "{method} {path}");
            } else {
                let schema = &told["content"]["application/json"]["schema"];
                matches(&document, schema, &got.json(), &format!("{method} {path}"));
            }
            asked += 1;
        }
    }
    assert_eq!(asked, 11);
}

/// Whether a value has what its schema requires, and nothing it does not name.
fn matches(document: &Value, schema: &Value, value: &Value, at: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        let schema = document
            .pointer(reference.trim_start_matches('#'))
            .expect("a schema");
        return matches(document, schema, value, at);
    }
    if let Some(options) = schema["oneOf"].as_array() {
        if !value.is_null() {
            matches(document, &options[1], value, at);
        }
        return;
    }
    let kinds = match &schema["type"] {
        Value::Array(kinds) => kinds.clone(),
        kind => vec![kind.clone()],
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) if kinds.contains(&json!("integer")) && value.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    assert!(
        kinds.contains(&json!(kind)),
        "{at}: {value} is no {kinds:?}"
    );
    if let Some(words) = schema["enum"].as_array() {
        assert!(words.contains(value), "{at}: {value} is none of {words:?}");
    }
    if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
        for value in values {
            matches(document, items, value, at);
        }
    }
    let Some(properties) = schema["properties"].as_object() else {
        return;
    };
    let fields = value.as_object().expect("an object");
    for required in schema["required"].as_array().into_iter().flatten() {
        let name = required.as_str().expect("a name");
        assert!(fields.contains_key(name), "{at}: no {name} in {value}");
    }
    for (name, value) in fields {
        let schema = properties
            .get(name)
            .unwrap_or_else(|| panic!("{at}: {name} is not described"));
        matches(document, schema, value, &format!("{at} .{name}"));
    }
}

#[tokio::test]
async fn pages_follow_one_another_by_their_cursor() {
    let service = Service::new();
    for n in 0..5 {
        service.done(&format!("key {n}")).await;
    }
    let mut ids = Vec::new();
    let mut path = "/api/v1/records?limit=2".to_owned();
    loop {
        let page = service.get(READER, &path).await.json();
        let records = page["records"].as_array().expect("records");
        assert!(records.len() <= 2);
        ids.extend(
            records
                .iter()
                .map(|it| it["id"].as_str().expect("an id").to_owned()),
        );
        let Some(next) = page["next"].as_str() else {
            break;
        };
        path = format!("/api/v1/records?limit=2&after={next}");
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 5);
}

#[tokio::test]
async fn json_that_cannot_be_read_is_a_problem() {
    let service = Service::new();
    let request = request("POST", READER, "/api/v1/lookup")
        .header("content-type", "application/json")
        .body(Body::from("{"));
    let got = service.send(request.expect("a request")).await;
    assert_eq!(got.status, StatusCode::BAD_REQUEST);
    assert_eq!(got.json()["code"], "unreadable");
}
