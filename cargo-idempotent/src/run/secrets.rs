//! Secrets: named in cases and plans, read from the environment, written nowhere.

use std::collections::BTreeMap;

use super::{Options, principal};
use crate::{
    case::{Case, placeholder, secret_names},
    plan::Plan,
};

/// The values of all secrets that the plan's cases and endpoints name.
pub(super) fn read(
    plan: &Plan,
    cases: &BTreeMap<String, Case>,
    options: &Options,
) -> Result<BTreeMap<String, String>, String> {
    let mut values = BTreeMap::new();
    let mut missing = Vec::new();
    for endpoint in &plan.endpoints {
        let own = endpoint.principal.as_deref();
        let steps = endpoint.needs.iter();
        let steps = steps.map(|n| (&n.from, n.principal.as_deref().or(own)));
        let sent = std::iter::once((&endpoint.request.case, own)).chain(steps);
        let mut wanted: Vec<String> = Vec::new();
        for (file, by) in sent {
            match cases.get(file) {
                Some(case) => wanted.extend(principal::wanted(plan, case, &options.headers, by)),
                // Another endpoint, sent by somebody.
                None => wanted.extend(by.into_iter().flat_map(|p| principal::needed(plan, p))),
            }
        }
        let other = endpoint.other.principal.iter();
        wanted.extend(other.flat_map(|p| principal::needed(plan, p)));
        for text in endpoint.other.headers.values() {
            wanted.extend(secret_names(text));
        }
        for name in &wanted {
            let Some(secret) = plan.secrets.get(name) else {
                missing.push(format!("`{name}` (add it to the plan's `secrets:`)"));
                continue;
            };
            match std::env::var(&secret.env) {
                Ok(value) => drop(values.insert(name.clone(), value)),
                Err(_) => missing.push(format!("`{name}` (set the variable {})", secret.env)),
            }
        }
    }
    missing.sort();
    missing.dedup();
    if missing.is_empty() {
        Ok(values)
    } else {
        let list = missing.join(", ");
        Err(format!("these secrets have no value: {list}"))
    }
}

/// Puts values in the place of `${secret:name}`.
pub(super) fn fill(text: &str, values: &BTreeMap<String, String>) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&placeholder(name), value)
    })
}
