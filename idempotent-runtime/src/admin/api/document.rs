//! `/api/openapi.json`: the JSON side, described by hand.

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::super::frame::Frame;
use super::super::problem;

const DOCUMENT: &str = include_str!("openapi.json");

pub(super) async fn get(frame: Frame) -> Response {
    let Ok(Value::Object(mut document)) = serde_json::from_str(DOCUMENT) else {
        let status = http::StatusCode::INTERNAL_SERVER_ERROR;
        return problem::of(status, "no-document", "No document", "It cannot be read.");
    };
    // Paths are those within the page, wherever it is mounted.
    let here = if frame.prefix.is_empty() {
        "/"
    } else {
        frame.prefix.as_str()
    };
    document.insert("servers".to_owned(), json!([{ "url": here }]));
    document["info"]["version"] = env!("CARGO_PKG_VERSION").into();
    Json(document).into_response()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::ROUTES;
    use super::*;

    #[test]
    fn the_document_holds_each_route_and_no_other() {
        let document: Value = serde_json::from_str(DOCUMENT).unwrap();
        let paths = document["paths"].as_object().unwrap();
        let described: BTreeSet<(&str, &str)> = paths
            .iter()
            .flat_map(|(path, methods)| {
                let methods = methods.as_object().unwrap().keys();
                let methods = methods.filter(|name| *name != "parameters");
                methods.map(|method| (path.as_str(), method.as_str()))
            })
            .collect();
        let answered = ROUTES
            .iter()
            .flat_map(|(path, methods, _)| methods.iter().map(|it| (*path, *it)));
        assert_eq!(described, answered.collect());
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document: Value = serde_json::from_str(DOCUMENT).unwrap();
        let mut references = Vec::new();
        collect(&document, &mut references);
        assert!(!references.is_empty());
        for reference in references {
            let path = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(path).is_some(), "{reference}");
        }
    }

    fn collect(value: &Value, references: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    match value.as_str() {
                        Some(reference) if name == "$ref" => references.push(reference.to_owned()),
                        _ => collect(value, references),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
            _ => {}
        }
    }
}
