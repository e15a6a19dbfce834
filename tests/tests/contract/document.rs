//! What an OpenAPI document gains, beside what `#[utoipa::path]` wrote.

use std::collections::BTreeSet;

use idempotent_runtime::spec;
use serde_json::{Value, json};
use utoipa::OpenApi;

use crate::operations;

#[derive(OpenApi)]
#[openapi(paths(operations::pay, operations::note, operations::event))]
struct Document;

fn described() -> Value {
    let mut document = Document::openapi();
    let missing = spec().describe(&mut document);
    assert_eq!(missing, ["contract::operations::hidden"]);
    serde_json::to_value(&document).expect("serializes")
}

#[test]
fn the_header_is_a_parameter_with_its_retention() {
    let document = described();
    let parameter = &document["paths"]["/payments"]["post"]["parameters"][0];
    assert_eq!(parameter["name"], "Idempotency-Key");
    assert_eq!(parameter["in"], "header");
    assert_eq!(parameter["required"], true);
    let schema = json!({ "type": "string", "minLength": 1, "maxLength": 255 });
    assert_eq!(parameter["schema"], schema);
    let description = parameter["description"].as_str().expect("is described");
    assert!(description.contains("within 24 hours"), "{description}");
}

#[test]
fn what_the_document_says_already_stays() {
    let document = described();
    let note = &document["paths"]["/notes"]["put"]["parameters"];
    assert_eq!(note.as_array().map(Vec::len), Some(1));
    assert_eq!(note[0]["description"], "ours");
    let refused = &document["paths"]["/payments"]["post"]["responses"]["400"];
    assert_eq!(refused["description"], "an amount that is no number");
    // In whatever order: a dependency decides whether maps keep theirs.
    let types = refused["content"].as_object().expect("has contents").keys();
    let types: BTreeSet<_> = types.map(String::as_str).collect();
    assert_eq!(types, ["application/problem+json", "text/plain"].into());
}

#[test]
fn each_problem_is_a_response() {
    let document = described();
    let responses = &document["paths"]["/payments"]["post"]["responses"];
    for status in ["400", "409", "422", "429", "503"] {
        let content = &responses[status]["content"]["application/problem+json"];
        let schema = json!({ "$ref": "#/components/schemas/IdempotencyProblem" });
        assert_eq!(content["schema"], schema, "{status}");
    }
    let full = &responses["503"]["description"];
    let says = "Nothing was run; try again: `store-unavailable`, `store-full`, `overloaded`.";
    assert_eq!(full, says);
    assert_eq!(
        responses["503"]["headers"]["Retry-After"]["schema"]["type"],
        "integer"
    );
    let problem = &document["components"]["schemas"]["IdempotencyProblem"];
    assert_eq!(problem["properties"]["retryable"]["type"], "boolean");
    // Nothing is compared there, so no key is reused; nor can one be missing.
    let event = &document["paths"]["/events"]["post"];
    assert!(event["responses"].get("422").is_none() && event.get("parameters").is_none());
    let malformed = "The idempotency key is missing, malformed or too old: `key-malformed`.";
    assert_eq!(event["responses"]["400"]["description"], malformed);
    let unknown = event["responses"]["409"]["description"].as_str();
    assert!(unknown.is_some_and(|it| it.contains("`outcome-unknown`")));
}

#[test]
fn final_answers_say_that_they_may_be_replays() {
    let document = described();
    let marked = |path: &str, method: &str| -> Vec<String> {
        let responses = document["paths"][path][method]["responses"].as_object();
        let responses = responses.expect("has responses").iter();
        responses
            .filter(|(_, it)| it["headers"].get("Idempotent-Replayed").is_some())
            .map(|(status, _)| status.clone())
            .collect()
    };
    assert_eq!(marked("/payments", "post"), ["201", "400", "404"]);
    assert_eq!(marked("/notes", "put"), ["2XX"]);
    assert_eq!(marked("/events", "post"), ["200"]);
}

#[test]
fn programs_find_the_whole_promise() {
    let document = described();
    let promise = &document["paths"]["/notes"]["put"]["x-idempotency"];
    assert_eq!(promise["header"], "x-note-key");
    assert_eq!(promise["ttl_seconds"], 5400.0);
}

#[test]
fn an_operation_is_described_under_another_id_too() {
    let mut document = Document::openapi();
    let contract = spec();
    let hidden = contract.operation("contract::operations::hidden");
    let hidden = hidden.expect("is listed");
    assert!(hidden.describe(&mut document, "event"));
    assert!(!hidden.describe(&mut document, "nowhere"));
    let document = serde_json::to_value(&document).expect("serializes");
    let name = &document["paths"]["/events"]["post"]["x-idempotency"]["name"];
    assert_eq!(name, "contract::operations::hidden");
}
