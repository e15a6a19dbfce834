//! What counts effects, as the plan names it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Field, Secret};
use crate::Problem;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Oracles {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ledger: Option<Ledger>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sink: Option<Sink>,
}

/// Counts effects: a URL of the service (`get`), or a query of its database (`sql`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [{ "required": ["get"] }, { "required": ["sql"] }]))]
pub(crate) struct Ledger {
    /// A path of the target, or an absolute URL.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub get: String,
    /// The number's path in the JSON answer; empty if the answer is the number. With
    /// `${name}` of a fresh field it counts one request's effects.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub count: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sql: Option<Sql>,
}

/// A query that answers one integer, on PostgreSQL, MySQL, MariaDB or SQLite.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sql {
    /// The variable that has the database's URL, with its password.
    pub url: Secret,
    /// `${name}` of a fresh field, or of a need, is bound as a parameter.
    pub query: String,
}

/// The tool plays the downstream service, and counts what reaches it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sink {
    /// Where it listens: `127.0.0.1:9090`.
    pub listen: String,
    /// The methods that count; without it all but GET, HEAD and OPTIONS.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<String>,
    /// The path that counts, or its beginning and `*`; without it every path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Text that a request must hold to count, with `${name}` of a fresh field: counts
    /// one request's effects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holds: Option<String>,
    /// Requests that are equal in this field count once, as the downstream service
    /// would have it that knows keys: `header.Idempotency-Key`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distinct: Option<Field>,
    #[serde(default, skip_serializing_if = "SinkAnswer::is_default")]
    pub answer: SinkAnswer,
}

/// What the sink answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SinkAnswer {
    pub status: u16,
    pub json: Value,
}

impl Default for SinkAnswer {
    fn default() -> Self {
        Self {
            status: 200,
            json: Value::Object(serde_json::Map::new()),
        }
    }
}

impl SinkAnswer {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Oracles {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What the fields' types cannot say.
    pub(super) fn check(&self) -> Result<(), Problem> {
        let Some(ledger) = &self.ledger else {
            return Ok(());
        };
        let wrong = |message: &str| Err(Problem::at(0, "oracles.ledger", message));
        match (&ledger.sql, ledger.get.is_empty()) {
            (None, true) => wrong("give `get:` with a path, or `sql:` with a query"),
            (Some(_), false) => wrong("`get:` and `sql:` are two ledgers: give one"),
            (Some(sql), true) if sql.query.contains("'${") => {
                wrong("`'${…}'`: leave the quotes out, as a value is bound and not pasted")
            }
            _ => Ok(()),
        }
    }
}
