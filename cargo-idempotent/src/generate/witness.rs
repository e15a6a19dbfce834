//! Answer fields that a second run would change: candidates, until two controls
//! with fresh keys have differed in them.

use serde_json::Value;

use super::{Seen, route::is_strong};
use crate::plan::{Field, leaves};

/// Headers that change with each answer, whether it ran or not.
const NEVER: &[&str] = &["date", "age", "traceparent", "x-request-id", "x-trace-id"];

/// The candidates of an answer, and why.
pub(super) fn candidates(one: &Seen<'_>) -> (Vec<Field>, String) {
    let Some(answer) = &one.case.response else {
        let why = "no answer was recorded: name fields that a second run would change";
        return (Vec::new(), why.to_owned());
    };
    let mut found: Vec<Field> = Vec::new();
    let mut reasons: Vec<&str> = Vec::new();
    let mut add = |field: Field, why| {
        if found.len() < 8 && !found.contains(&field) {
            found.push(field);
            if !reasons.contains(&why) {
                reasons.push(why);
            }
        }
    };
    for (path, value) in answer.body.as_json().iter().flat_map(leaves) {
        let field = Field::body(&path);
        if let Some(why) = kind(field.name(), &value) {
            add(field, why);
        }
    }
    for name in ["Location", "ETag"] {
        if answer.headers.get(name).is_some() {
            add(Field::Header(name.to_owned()), "Location or ETag");
        }
    }
    for noise in &one.case.noise {
        if let Ok(field) = noise.parse::<Field>() {
            let never = NEVER.contains(&field.name().to_ascii_lowercase().as_str());
            // A path that matches nothing in the answer is no candidate.
            if !never && field.of(answer).is_some() {
                add(field, "the recorder's noise");
            }
        }
    }
    if found.is_empty() {
        let why = "none: the answer has no id and no time, so two runs would look the same; \
                   a ledger, a sink or a probe can tell";
        return (found, why.to_owned());
    }
    let why = format!("candidates: {}", reasons.join(", "));
    (found, why)
}

fn kind(name: &str, value: &Value) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    if lower.contains("trace") || lower.contains("request_id") {
        return None;
    }
    let id = lower == "id" || lower.ends_with("_id") || name.ends_with("Id") || lower == "uuid";
    let text = value.as_str().unwrap_or_default();
    if (id && !value.is_null() && !value.is_boolean()) || is_strong(text) {
        return Some("ids");
    }
    let time = text.len() >= 19 && text.as_bytes()[4] == b'-' && text.contains(':');
    time.then_some("times")
}
