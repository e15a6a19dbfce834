//! One endpoint of a plan.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Field, Profile, Span};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Endpoint {
    /// What `--only` and reports call it.
    pub id: String,
    pub request: Template,
    pub changes_state: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyPlace>,
    /// The principal that sends the request, in the place of the recorded credential.
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// How long a claim of this endpoint holds, in the place of the plan's `lease`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease: Option<Span>,
    /// How long its answers are replayed, in the place of the plan's `ttl`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<Span>,
    /// Values of earlier answers that this request uses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Need>,
    #[serde(default, skip_serializing_if = "Other::is_empty")]
    pub other: Other,
    /// Answer fields that a second run would change; checked before they count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub witness: Vec<Field>,
    /// Answer fields that may differ between an answer and its replay.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub volatile: Vec<Field>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probe: Option<Probe>,
    /// Request fields to change so that the service answers with an error.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(schema_with = "super::schema::fields")]
    pub error_case: BTreeMap<Field, Value>,
    /// What replaces the profile's expectation, by scenario.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(schema_with = "super::schema::expectations")]
    pub expect: BTreeMap<String, Expected>,
    /// Scenarios to leave out, each with the reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(schema_with = "super::schema::skipped")]
    pub skip: BTreeMap<String, String>,
    /// Why each field above says what it says.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub because: BTreeMap<String, String>,
}

/// The recorded request, and what is put into it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Template {
    /// The case's file, from the plan's folder.
    pub case: String,
    /// Path and query in the place of the recorded ones; `${name}` is a need.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Fields to set; `${name}` is a need.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(schema_with = "super::schema::fields")]
    pub set: BTreeMap<Field, Value>,
    /// Fields that get a unique value with each fresh key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fresh: Vec<Field>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [{ "required": ["header"] }, { "required": ["body"] }]))]
pub(crate) struct KeyPlace {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// A field of a JSON body, without `body.`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    #[serde(default)]
    pub format: KeyFormat,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum KeyFormat {
    /// A bare UUID.
    #[default]
    Uuid4,
    /// A UUID in the double quotes of a structured field's string.
    Quoted,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Need {
    /// The endpoint or case file whose answer has it.
    pub from: String,
    pub take: Field,
    /// The name in `${name}`.
    #[serde(rename = "as")]
    pub name: String,
    /// Who sends it; without this an endpoint's own `as`, and for a case the `as` of the
    /// endpoint that needs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
}

/// What "other" means in the scenarios that change one thing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Other {
    /// Fields that make another payload.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(schema_with = "super::schema::fields")]
    pub payload: BTreeMap<Field, Value>,
    /// Another principal, by its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
    /// Headers that make another principal, on top of `principal`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
}

impl Other {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A GET whose answer shows the state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Probe {
    /// Path and query; `${name}` is a need.
    pub get: String,
    /// A number, or a list to be counted, in the JSON answer; without it a list
    /// that is the whole answer is counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    /// The statuses that are right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<u16>,
    /// Whether a duplicate gets the first answer again, marked as the profile wants it;
    /// for `error-retry`, whether the error does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replayed: Option<bool>,
}
