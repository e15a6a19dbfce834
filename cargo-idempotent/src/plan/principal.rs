//! Who sends a request, by a name: the credential is in the environment, or on the
//! command line, and never in the plan.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_saphyr::Spanned;

use super::Plan;
use crate::{
    Problem,
    case::{is_secret, secret_names},
};

/// A principal's headers, which take the place of the recorded credential.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Principal {
    /// Credentials as `${secret:name}`.
    pub headers: BTreeMap<String, String>,
}

/// The places of a plan that name principals, with their lines.
#[derive(Deserialize)]
struct Places {
    #[serde(default)]
    principals: BTreeMap<String, Headers>,
    #[serde(default)]
    endpoints: Vec<Endpoint>,
}

#[derive(Deserialize)]
struct Headers {
    headers: BTreeMap<String, Spanned<String>>,
}

#[derive(Deserialize)]
struct Endpoint {
    id: String,
    #[serde(default, rename = "as")]
    principal: Option<Spanned<String>>,
    #[serde(default)]
    other: Named,
    #[serde(default)]
    needs: Vec<Named>,
}

#[derive(Default, Deserialize)]
struct Named {
    #[serde(default)]
    principal: Option<Spanned<String>>,
}

/// Whether each name is one of `principals`, of `secrets`, or of the command line, and
/// no credential stands in the plan itself.
pub(super) fn check(plan: &Plan, text: &str, given: &[&str]) -> Result<(), Problem> {
    // It was read as a plan before: this cannot fail.
    let Ok(places) = serde_saphyr::from_str::<Places>(text) else {
        return Ok(());
    };
    for (name, principal) in &places.principals {
        for (header, value) in &principal.headers {
            let field = format!("principals.{name}.headers.{header}");
            let wrong = |message: String| Err(Problem::at(line(value), &field, message));
            let secrets = secret_names(&value.value);
            if is_secret(header) && secrets.is_empty() {
                return wrong(format!(
                    "a credential in the plan: write ${{secret:{name}}}, and its variable under \
                     `secrets:`"
                ));
            }
            if let Some(secret) = secrets.iter().find(|s| !plan.secrets.contains_key(*s)) {
                return wrong(format!("`{secret}` is none of the plan's `secrets:`"));
            }
        }
    }
    let mut known: Vec<_> = plan.principals.keys().chain(plan.secrets.keys()).collect();
    known.sort();
    known.dedup();
    for endpoint in &places.endpoints {
        let steps = endpoint.needs.iter().map(|n| ("needs", &n.principal));
        let own = [
            ("as", &endpoint.principal),
            ("other.principal", &endpoint.other.principal),
        ];
        for (field, name) in own.into_iter().chain(steps) {
            let Some(name) = name else { continue };
            if known.contains(&&name.value) || given.contains(&name.value.as_str()) {
                continue;
            }
            let list = known
                .iter()
                .map(|n| n.as_str())
                .collect::<Vec<_>>()
                .join(", ");
            let there = if known.is_empty() {
                "the plan has neither `principals:` nor `secrets:`".to_owned()
            } else {
                format!("there are {list}")
            };
            let message = format!("`{}` is no principal; {there}", name.value);
            let field = format!("endpoints.{}.{field}", endpoint.id);
            return Err(Problem::at(line(name), field, message));
        }
    }
    Ok(())
}

fn line(of: &Spanned<String>) -> usize {
    usize::try_from(of.referenced.line()).unwrap_or(0)
}
