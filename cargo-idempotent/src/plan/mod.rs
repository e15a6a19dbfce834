//! The plan: what is to be run, reviewable and edited by people.
//!
//! Unknown fields are errors, as a misspelt one would be a scenario not run.

mod endpoint;
mod field;
mod names;
mod oracles;
mod principal;
mod schema;
mod span;

pub(crate) use endpoint::{Endpoint, Expected, KeyFormat, KeyPlace, Need, Other, Probe, Template};
pub(crate) use field::{Field, leaves};
#[cfg(test)]
pub(crate) use oracles::SinkAnswer;
pub(crate) use oracles::{Ledger, Oracles, Sink, Sql};
pub(crate) use principal::Principal;
pub(crate) use schema::schema;
pub(crate) use span::Span;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use crate::profile::Profile;

use crate::Problem;

/// The version of the plans that this crate reads and writes.
pub(crate) const VERSION: u32 = 1;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "A plan of cargo idempotent")]
pub(crate) struct Plan {
    /// The version of the plan's shape.
    #[schemars(extend("const" = 1))]
    pub version: u32,
    /// Where requests go: scheme, host and port.
    pub target: String,
    /// What the service promises, unless an endpoint says otherwise.
    pub profile: Profile,
    /// What the service promises for a request during which its process died.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_crash: Option<AfterCrash>,
    /// How long a claim holds without a sign of life of its attempt, as the service
    /// declares it, or as its test configuration has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease: Option<Span>,
    /// How long a finished answer is replayed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<Span>,
    /// Whether a missed SHOULD of the draft counts as failed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub strict: bool,
    /// The values that cases and headers name as `${secret:name}`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub secrets: BTreeMap<String, Secret>,
    /// Who may send requests, by the names that `as:` and `principal:` use. A secret's
    /// name is one as well: `Authorization` has its value.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub principals: BTreeMap<String, Principal>,
    /// What counts effects.
    #[serde(default, skip_serializing_if = "Oracles::is_empty")]
    pub oracles: Oracles,
    /// How much a run may do.
    #[serde(default)]
    pub budget: Budget,
    #[serde(default)]
    pub endpoints: Vec<Endpoint>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum AfterCrash {
    /// A retry may run again: effect and record are two commits.
    AtLeastOnce,
    /// A retry never runs again: effect and record are one commit.
    ExactlyOnce,
}

/// Where a secret's value comes from; never the value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Secret {
    pub env: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Budget {
    /// Per endpoint, for the search for races.
    pub time: Span,
    /// Per endpoint; each burst is a real effect on the target.
    pub bursts: usize,
    /// For the whole run: it stops before it makes more effects than that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effects: Option<usize>,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            time: Span::seconds(10),
            bursts: 500,
            effects: None,
        }
    }
}

impl Plan {
    /// Reads a plan; case paths in it count from the plan's folder.
    /// The command line's principals may be named in it.
    pub(crate) fn load(path: &Path, principals: &[&str]) -> Result<Self, Problem> {
        let text = std::fs::read_to_string(path).map_err(|e| Problem::file(path, e.to_string()))?;
        let plan = Self::read(&text, principals);
        plan.map_err(|p| p.in_file(&path.display().to_string()))
    }

    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        Self::read(text, &[])
    }

    fn read(text: &str, principals: &[&str]) -> Result<Self, Problem> {
        let plan: Self = crate::import::yaml(text, 0)?;
        if plan.version != VERSION {
            let message = format!("this tool reads version {VERSION}");
            return Err(Problem::at(1, "version", message));
        }
        plan.oracles.check()?;
        names::check(&plan)?;
        principal::check(&plan, text, principals)?;
        let mut seen = std::collections::BTreeSet::new();
        for endpoint in &plan.endpoints {
            if !seen.insert(&endpoint.id) {
                let message = format!("two endpoints have the id `{}`", endpoint.id);
                return Err(Problem::at(0, "endpoints", message));
            }
        }
        Ok(plan)
    }
}

/// A file named in a plan, found from the plan's own folder.
pub(crate) fn beside(plan: &Path, file: &str) -> PathBuf {
    plan.parent().unwrap_or(Path::new("")).join(file)
}
