//! `gen`: from cases to a plan, each inference with its reason.

mod chain;
mod error_case;
mod fresh;
mod graphql;
mod key;
mod merge;
mod notes;
mod payload;
mod probe;
mod route;
mod state;
mod witness;

#[cfg(test)]
mod samples;

pub(crate) use fresh::candidates;
pub(crate) use merge::merge;
pub(crate) use notes::notes;

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    case::{Case, Url, secret_env},
    plan::{Endpoint, Other, Plan, Profile, Secret, Template, VERSION, leaves},
};
use route::Route;

/// A case with its file and its place in the traffic.
pub(crate) struct Seen<'a> {
    pub file: String,
    pub case: &'a Case,
    pub url: Url,
    pub route: Route,
}

/// The cases with their places, as far as their URLs can be read.
fn seen(cases: &[(String, Case)]) -> Vec<Seen<'_>> {
    let paths: Vec<_> = cases
        .iter()
        .filter_map(|(_, c)| Some(Url::parse(&c.request.url).ok()?.path))
        .collect();
    let bodies = cases.iter().flat_map(|(_, c)| {
        let answer = c.response.as_ref().map(|r| &r.body);
        [Some(&c.request.body), answer].into_iter().flatten()
    });
    let values: BTreeSet<String> = bodies
        .filter_map(crate::case::Body::as_json)
        .flat_map(|json| leaves(&json))
        .filter_map(|(_, value)| value.as_str().map(str::to_owned))
        .collect();
    let seen = cases.iter().filter_map(|(file, case)| {
        let url = Url::parse(&case.request.url).ok()?;
        Some(Seen {
            file: file.clone(),
            case,
            route: route::of(&url.path, &paths, &values),
            url,
        })
    });
    seen.collect()
}

/// Makes a plan of the cases, in the order of the traffic.
pub(crate) fn plan(cases: &[(String, Case)], profile: Profile) -> Plan {
    let seen = seen(cases);
    let mut endpoints: Vec<Endpoint> = Vec::new();
    let mut done = BTreeSet::new();
    for (index, one) in seen.iter().enumerate() {
        let (changes, because) = state::changes(one, &seen);
        // A case recorded as an error is no base: a later one may have passed.
        // A truncated one would be another request.
        let whole = one.case.truncated.request.is_none();
        let usable = whole && one.case.succeeded() != Some(false);
        // All operations of GraphQL share a route.
        let operation = state::operation(one).and_then(|o| o.name);
        let method = one.case.request.method.clone();
        let identity = (method, one.route.template.clone(), operation.clone());
        if !changes || !usable || done.contains(&identity) {
            continue;
        }
        done.insert(identity);
        let mut name = one.route.name(&one.case.request.method);
        if let Some(operation) = operation {
            name = format!("{name}-{operation}");
        }
        let id = unique(&name, &endpoints);
        endpoints.push(endpoint(id, index, &seen, because, &endpoints));
    }
    let target = seen.first().map_or_else(
        || "http://127.0.0.1:8080".to_owned(),
        |one| format!("{}://{}", one.url.scheme, one.url.authority),
    );
    Plan {
        version: VERSION,
        target,
        profile,
        secrets: secrets(&seen),
        endpoints,
        ..Plan::default()
    }
}

fn endpoint(
    id: String,
    index: usize,
    seen: &[Seen<'_>],
    changes: String,
    earlier: &[Endpoint],
) -> Endpoint {
    let one = &seen[index];
    let method = one.case.request.method.as_str();
    let mut because = BTreeMap::from([("changes_state".to_owned(), changes)]);
    // PUT and DELETE are idempotent by themselves; a key is for the others.
    let natural = matches!(method, "PUT" | "DELETE") && key::recorded(one, seen).is_none();
    let mut profile = None;
    let mut place = None;
    if natural {
        profile = Some(Profile::Natural);
        let why = format!("{method} without a key: idempotent by its method");
        because.insert("profile".into(), why);
    } else {
        let (found, why) = key::place(one, seen);
        place = Some(found);
        because.insert("key".into(), why);
    }
    let mut chain = chain::of(index, seen, earlier);
    because.extend(chain.because);
    let taken: Vec<_> = chain.template.set.keys().cloned().collect();
    for (field, why) in fresh::of(one, seen, place.as_ref(), &taken) {
        because.insert(format!("request.fresh.{field}"), why);
        chain.template.fresh.push(field);
    }
    let (witness, why) = witness::candidates(one);
    // What is idempotent by its method is judged by its state.
    if !witness.is_empty() || place.is_some() {
        because.insert("witness".into(), why);
    }
    let mut other = Other::default();
    let why = match payload::other(one, place.as_ref()) {
        Some((field, value, why)) => {
            other.payload.insert(field, value);
            why
        }
        None => "no field of the body could be told to be free to change".to_owned(),
    };
    because.insert("other.payload".into(), why);
    let probe = probe::of(one, seen, chain.template.path.as_deref());
    if let Some((_, why)) = &probe {
        because.insert("probe".into(), why.clone());
    }
    let error_case = error_case::of(one, seen);
    if let Some((_, why)) = &error_case {
        because.insert("error_case".into(), why.clone());
    }
    Endpoint {
        id,
        request: Template {
            case: one.file.clone(),
            ..chain.template
        },
        changes_state: true,
        key: place,
        profile,
        needs: chain.needs,
        other,
        witness,
        probe: probe.map(|(probe, _)| probe),
        error_case: error_case.map(|(fields, _)| fields).unwrap_or_default(),
        because,
        ..Endpoint::default()
    }
}

fn unique(name: &str, endpoints: &[Endpoint]) -> String {
    let taken = |name: &str| endpoints.iter().any(|e| e.id == name);
    let mut candidates = (2..).map(|n| format!("{name}-{n}"));
    if taken(name) {
        candidates.find(|c| !taken(c)).unwrap_or_default()
    } else {
        name.to_owned()
    }
}

fn secrets(seen: &[Seen<'_>]) -> BTreeMap<String, Secret> {
    let names = seen
        .iter()
        .flat_map(|s| crate::case::names(&s.case.request));
    names
        .map(|name| {
            let env = secret_env(&name);
            (name, Secret { env })
        })
        .collect()
}
