//! The schemas are published as files, and plans and schemas agree.

use std::path::Path;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::{
    case, demo, generate,
    plan::{Plan, Profile},
    verdict,
};

fn validator() -> Validator {
    let schema = super::schema();
    jsonschema::validator_for(schema.as_value()).unwrap()
}

fn published(name: &str, schema: &schemars::Schema) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("schemas")
        .join(name);
    let text = serde_json::to_string_pretty(schema).unwrap() + "\n";
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    // By value: another crate of a build may turn the order of maps on or off.
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let kept: Value = serde_json::from_str(&kept).unwrap_or_default();
    assert!(
        kept == *schema.as_value(),
        "{name}: write it anew with UPDATE_EXPECT=1"
    );
}

#[test]
fn the_published_files_are_the_types_own_schemas() {
    published("plan.schema.json", &super::schema());
    published("run.schema.json", &verdict::schema());
    published("event.schema.json", &verdict::event_schema());
}

/// Every plan, or part of one, in the crate's pages.
fn examples() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for page in ["README.md", "docs/plan.md"] {
        let text = std::fs::read_to_string(root.join(page)).unwrap();
        for (block, number) in text.split("```yaml\n").skip(1).zip(1..) {
            let block = block.split("```").next().unwrap();
            let whole = block.trim_start_matches(|c| c != '\n' && block.starts_with('#'));
            let head = "version: 1\ntarget: http://127.0.0.1:1\nprofile: default\n";
            let head = if whole.contains("version: 1\n") {
                ""
            } else {
                head
            };
            found.push((format!("{page}, block {number}"), format!("{head}{block}")));
        }
    }
    found
}

fn json(yaml: &str) -> Value {
    crate::import::yaml(yaml, 0).unwrap()
}

#[test]
fn the_pages_examples_and_the_demos_plan_are_valid() {
    let validator = validator();
    let examples = examples();
    assert!(examples.len() >= 3, "{examples:?}");
    let server = demo::Server::start(&[]).unwrap();
    let name = format!("cargo-idempotent-schema-{}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    demo::record(&server.url(), &folder, false).unwrap();
    let cases = case::load(&folder.join("cases")).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let plan = demo::plan(generate::plan(&cases, Profile::Default));
    let plan = generate::merge(None, &plan).unwrap().text;
    for (place, text) in examples.into_iter().chain([("the demo".to_owned(), plan)]) {
        Plan::parse(&text).unwrap_or_else(|p| panic!("{place}: {p}\n{text}"));
        let errors: Vec<_> = validator
            .iter_errors(&json(&text))
            .map(|e| e.to_string())
            .collect();
        assert_eq!(errors, [""; 0], "{place}\n{text}");
    }
}

/// Names that are the user's own, below these.
const FREE: [&str; 4] = ["because", "secrets", "headers", "principals"];

/// Every way of misspelling one name of a value.
fn misspelt(value: &Value) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    match value {
        Value::Object(map) => {
            for (name, inner) in map {
                let mut other = map.clone();
                let inner_value = other.remove(name).unwrap();
                other.insert(format!("x{name}"), inner_value);
                all.push((name.clone(), Value::Object(other)));
                if FREE.contains(&name.as_str()) || name == "json" {
                    continue;
                }
                for (path, wrong) in misspelt(inner) {
                    let mut other = map.clone();
                    other.insert(name.clone(), wrong);
                    all.push((format!("{name}.{path}"), Value::Object(other)));
                }
            }
        }
        Value::Array(list) => {
            for (i, inner) in list.iter().enumerate() {
                for (path, wrong) in misspelt(inner) {
                    let mut other = list.clone();
                    other[i] = wrong;
                    all.push((format!("{i}.{path}"), Value::Array(other)));
                }
            }
        }
        _ => {}
    }
    all
}

#[test]
fn a_misspelt_name_fails_by_the_schema_and_by_the_parser() {
    let validator = validator();
    let (mut tried, mut names) = (0, std::collections::BTreeSet::new());
    for (place, text) in examples() {
        for (path, wrong) in misspelt(&json(&text)) {
            let parsed = Plan::parse(&wrong.to_string());
            assert!(parsed.is_err(), "{place}: {path} is read");
            assert!(!validator.is_valid(&wrong), "{place}: {path} is valid");
            tried += 1;
            names.insert(path.rsplit('.').next().unwrap().to_owned());
        }
    }
    assert!(
        tried > 60 && names.contains("sql") && names.contains("distinct"),
        "{tried} {names:?}"
    );
}

#[test]
fn wrong_values_fail_by_the_schema_and_by_the_parser() {
    let validator = validator();
    let plan = |more: Value| {
        let mut plan = json!({
            "version": 1, "target": "http://127.0.0.1:1", "profile": "default"
        });
        plan.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        plan
    };
    let endpoint = |more: Value| {
        let mut one = json!({ "id": "a", "request": { "case": "a.yaml" }, "changes_state": true });
        one.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        plan(json!({ "endpoints": [one] }))
    };
    assert!(validator.is_valid(&endpoint(json!({}))));
    for wrong in [
        plan(json!({ "version": 2 })),
        plan(json!({ "lease": "soon" })),
        plan(json!({ "profile": "mine" })),
        plan(json!({ "after_crash": "never" })),
        plan(json!({ "oracles": { "ledger": { "count": "n" } } })),
        plan(json!({ "oracles": { "ledger": {
            "get": "/n", "sql": { "url": { "env": "DB" }, "query": "select 1" }
        } } })),
        endpoint(json!({ "witness": ["id"] })),
        endpoint(json!({ "error_case": { "card": 1 } })),
        endpoint(json!({ "key": {} })),
        endpoint(json!({ "key": { "header": "K", "body": "k" } })),
        endpoint(json!({ "skip": { "tll": "why" } })),
        endpoint(json!({ "expect": { "inflight": { "status": [409] } } })),
    ] {
        assert!(Plan::parse(&wrong.to_string()).is_err(), "{wrong} is read");
        assert!(!validator.is_valid(&wrong), "{wrong} is valid");
    }
}
