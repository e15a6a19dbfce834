//! A value that a schema accepts, made of what the schema says.

use serde_json::{Map, Value, json};

/// Whose body it is: the other side's fields are left out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Request,
    Answer,
}

/// Deeper schemas refer to themselves.
const DEEPEST: usize = 8;

/// Follows a reference within the document.
pub(super) fn resolve<'a>(document: &'a Value, value: &'a Value) -> Result<&'a Value, String> {
    let mut value = value;
    for _ in 0..DEEPEST {
        let Some(reference) = value["$ref"].as_str() else {
            return Ok(value);
        };
        let pointer = reference
            .strip_prefix('#')
            .ok_or_else(|| format!("`{reference}` lies in another document"))?;
        value = document
            .pointer(pointer)
            .ok_or_else(|| format!("`{reference}` refers to nothing"))?;
    }
    Err("references that refer to each other".into())
}

/// Makes a value of a schema.
pub(super) fn sample(
    document: &Value,
    schema: &Value,
    side: Side,
    depth: usize,
) -> Result<Value, String> {
    if depth > DEEPEST {
        return Ok(Value::Null);
    }
    let schema = resolve(document, schema)?;
    let given = ["const", "example", "default"];
    if let Some(value) = given.iter().find_map(|k| schema.get(k)) {
        return Ok(value.clone());
    }
    for list in ["examples", "enum"] {
        if let Some(first) = schema[list].as_array().and_then(|l| l.first()) {
            return Ok(first.clone());
        }
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(first) = schema[choice].as_array().and_then(|l| l.first()) {
            return sample(document, first, side, depth + 1);
        }
    }
    let mut object = Map::new();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        if let Value::Object(fields) = sample(document, part, side, depth + 1)? {
            object.extend(fields);
        }
    }
    let kind = kind(schema);
    if kind == "object" || !object.is_empty() {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let property = resolve(document, property)?;
            let hidden = match side {
                Side::Request => "readOnly",
                Side::Answer => "writeOnly",
            };
            if property[hidden] != json!(true) {
                let value = sample(document, property, side, depth + 1)?;
                object.insert(name.clone(), value);
            }
        }
        return Ok(Value::Object(object));
    }
    Ok(match kind {
        "array" => {
            let item = sample(document, &schema["items"], side, depth + 1)?;
            json!([item])
        }
        "integer" => whole(least(schema)),
        "number" => json!(least(schema)),
        "boolean" => json!(true),
        "null" => Value::Null,
        _ => json!(text(schema)),
    })
}

/// The type; 3.1 allows a list, of which the first that is not null counts.
fn kind(schema: &Value) -> &str {
    let listed = schema["type"].as_array().into_iter().flatten();
    let listed = listed.filter_map(Value::as_str).find(|t| *t != "null");
    match schema["type"].as_str().or(listed) {
        Some(kind) => kind,
        None if schema.get("properties").is_some() => "object",
        None if schema.get("items").is_some() => "array",
        None => "string",
    }
}

/// 1, or the least number that is allowed; 3.0 says by a flag that it is excluded.
fn least(schema: &Value) -> f64 {
    let step = schema["multipleOf"].as_f64().unwrap_or(1.0);
    let least = match &schema["exclusiveMinimum"] {
        Value::Bool(true) => schema["minimum"].as_f64().map(|m| m + step),
        Value::Number(n) => n.as_f64().map(|m| m + step),
        _ => schema["minimum"].as_f64(),
    };
    let most = schema["maximum"].as_f64().unwrap_or(f64::MAX);
    least.unwrap_or(step).max(step.min(most)).min(most)
}

/// A whole number as JSON writes it.
fn whole(number: f64) -> Value {
    #[allow(
        clippy::cast_possible_truncation,
        reason = "bounds of a schema; any whole number will do"
    )]
    let whole = number.ceil() as i64;
    json!(whole)
}

fn text(schema: &Value) -> String {
    let base = match schema["format"].as_str().unwrap_or_default() {
        "uuid" => "3f2b8a52-6c0e-4f6e-9d1a-0b6f5c1d2e3f",
        "date" => "2026-01-31",
        "date-time" => "2026-01-31T12:00:00Z",
        "email" => "someone@example.com",
        "uri" | "url" => "https://example.com/",
        _ => "text",
    };
    let least = schema["minLength"].as_u64().unwrap_or(0);
    let most = schema["maxLength"].as_u64().unwrap_or(u64::MAX);
    let least = usize::try_from(least.min(1_000)).unwrap_or(0);
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let padded = format!("{base:x<least$}");
    padded.chars().take(most).collect()
}
