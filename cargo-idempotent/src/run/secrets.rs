//! Secrets: named in cases and plans, read from the environment, written nowhere.

use std::collections::BTreeMap;

use super::Options;
use crate::{
    case::{self, Case},
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
        let own = std::iter::once(&endpoint.request.case);
        let files = own.chain(endpoint.needs.iter().map(|n| &n.from));
        let mut wanted: Vec<String> = Vec::new();
        for case in files.filter_map(|f| cases.get(f)) {
            let mut request = case.request.clone();
            // A header of the command line stands in for the recorded one.
            for (name, _) in &options.headers {
                request.headers.remove(name);
            }
            wanted.extend(case::names(&request));
        }
        for text in endpoint.other.headers.values() {
            wanted.extend(names(text).into_iter().map(str::to_owned));
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

fn names(text: &str) -> Vec<&str> {
    let parts = text.split("${secret:").skip(1);
    parts.filter_map(|p| Some(p.split_once('}')?.0)).collect()
}

/// Puts values in the place of `${secret:name}`.
pub(super) fn fill(text: &str, values: &BTreeMap<String, String>) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("${{secret:{name}}}"), value)
    })
}
