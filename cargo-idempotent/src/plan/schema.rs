//! The plan's shape as a JSON Schema, for editors and reviews: made of the types that
//! read it, so that the two agree.

use schemars::{Schema, SchemaGenerator, json_schema, schema_for};
use serde_json::Value;

use super::{Field, Plan, endpoint::Expected, names};
use crate::scenario::SCENARIOS;

/// The schema of a plan.
pub(crate) fn schema() -> Schema {
    schema_for!(Plan)
}

/// Values by fields.
pub(super) fn fields(generator: &mut SchemaGenerator) -> Schema {
    let field = generator.subschema_for::<Field>();
    let value = generator.subschema_for::<Value>();
    json_schema!({
        "type": "object",
        "propertyNames": field,
        "additionalProperties": value
    })
}

/// Expectations by scenarios.
pub(super) fn expectations(generator: &mut SchemaGenerator) -> Schema {
    let expected = generator.subschema_for::<Expected>();
    json_schema!({
        "type": "object",
        "propertyNames": { "enum": names::expectable() },
        "additionalProperties": expected
    })
}

/// Reasons by scenarios.
pub(super) fn skipped(_: &mut SchemaGenerator) -> Schema {
    let ids: Vec<_> = SCENARIOS.iter().map(|s| s.id).collect();
    json_schema!({
        "type": "object",
        "propertyNames": { "enum": ids },
        "additionalProperties": { "type": "string" }
    })
}

#[cfg(test)]
mod tests;
