//! What telemetry asks of stored responses: their status, and what a caller sees of
//! them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::codec;
use crate::answer::Answer;
use crate::telemetry::{exact, with_body};

/// Status, headers in any order, and body.
pub(crate) fn response(answer: &Answer) -> Option<Value> {
    let stored = codec::decode(answer)?;
    let mut headers: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for (name, value) in &stored.headers {
        let values = headers.entry(name.as_str()).or_default();
        values.push(exact(value.as_bytes()));
    }
    for values in headers.values_mut() {
        values.sort_by_cached_key(Value::to_string);
    }
    let shown = json!({ "status": stored.status.as_u16(), "headers": headers });
    Some(with_body(shown, &stored.body))
}

/// The status of a stored response.
pub(crate) fn status(answer: &Answer) -> Option<u16> {
    codec::status(answer)
}
