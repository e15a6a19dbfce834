//! Chains: an earlier answer's value that a later request uses.
//!
//! Strong values (UUIDs, long numbers) are wired by equality alone; weak ones only
//! where the consumer's path begins with the producer's, as small numbers are
//! equal everywhere. The latest producer wins, a creation before a list.

use std::collections::BTreeMap;

use serde_json::json;

use super::{
    Seen,
    route::{is_strong, is_value},
};
use crate::{
    case::path_segments,
    plan::{Endpoint, Field, Need, Template, leaves},
};

#[derive(Default)]
pub(super) struct Chain {
    pub needs: Vec<Need>,
    pub template: Template,
    pub because: BTreeMap<String, String>,
}

/// What the request at an index takes from the answers before it.
pub(super) fn of(index: usize, seen: &[Seen<'_>], endpoints: &[Endpoint]) -> Chain {
    let one = &seen[index];
    let mut chain = Chain::default();
    let mut parts: Vec<String> = path_segments(&one.url.path)
        .into_iter()
        .map(str::to_owned)
        .collect();
    for at in 0..parts.len() {
        if !is_value(&parts[at]) {
            continue;
        }
        let prefix = format!("/{}", parts[..at].join("/"));
        if let Some((from, field)) = producer(&parts[at], Some(&prefix), index, seen) {
            let name = singular(&parts[..at]);
            chain.take(name.clone(), from, field, endpoints);
            parts[at] = format!("${{{name}}}");
        }
    }
    if !chain.needs.is_empty() {
        let query = one.url.query.as_ref().map(|q| format!("?{q}"));
        let path = format!("/{}{}", parts.join("/"), query.unwrap_or_default());
        chain.template.path = Some(path);
    }
    let body = one.case.request.body.as_json();
    for (path, value) in body.iter().flat_map(leaves) {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        if !is_strong(&text) {
            continue;
        }
        if let Some((from, field)) = producer(&text, None, index, seen) {
            let name = path.replace('.', "_");
            chain.take(name.clone(), from, field, endpoints);
            let put = json!(format!("${{{name}}}"));
            chain.template.set.insert(Field::body(&path), put);
        }
    }
    chain
}

impl Chain {
    fn take(&mut self, name: String, from: &Seen<'_>, take: Field, endpoints: &[Endpoint]) {
        let endpoint = endpoints.iter().find(|e| e.request.case == from.file);
        let why = format!("the value of {} in this request", from.file);
        self.because.insert(format!("needs.{name}"), why);
        self.needs.push(Need {
            principal: None,
            from: endpoint.map_or(from.file.clone(), |e| e.id.clone()),
            take,
            name,
        });
    }
}

/// The latest earlier answer with the value; a creation before a list.
fn producer<'a>(
    value: &str,
    prefix: Option<&str>,
    index: usize,
    seen: &'a [Seen<'a>],
) -> Option<(&'a Seen<'a>, Field)> {
    let strong = is_strong(value);
    let candidates = seen[..index].iter().rev().filter_map(|from| {
        let own = prefix.is_some_and(|p| from.url.path.trim_end_matches('/') == p);
        let located = prefix.is_some_and(|p| fits(from, p, value));
        if !strong && !own && !located {
            return None;
        }
        let field = field(value, from).filter(|_| strong || own);
        let field = field.or_else(|| located.then(|| Field::Header("Location".into())));
        Some((from, field?))
    });
    let all: Vec<_> = candidates.collect();
    let created = all
        .iter()
        .position(|(s, _)| s.case.request.method == "POST");
    all.into_iter().nth(created.unwrap_or(0))
}

/// Whether an answer's Location is the end of the consumer's path: services behind a
/// context path leave it out.
fn fits(from: &Seen<'_>, prefix: &str, value: &str) -> bool {
    let answer = from.case.response.as_ref();
    let location = answer.and_then(|a| a.headers.get("location"));
    let Some(location) = location.filter(|_| from.case.succeeded() == Some(true)) else {
        return false;
    };
    let path = match crate::case::Url::parse(location) {
        Ok(url) => url.path,
        Err(_) => location.split('?').next().unwrap_or_default().to_owned(),
    };
    let whole = format!("{prefix}/{value}");
    let (whole, path) = (path_segments(&whole), path_segments(&path));
    path.len() > 1 && whole.ends_with(&path)
}

fn field(value: &str, from: &Seen<'_>) -> Option<Field> {
    let answer = from.case.response.as_ref()?;
    if from.case.succeeded() != Some(true) {
        return None;
    }
    let json = answer.body.as_json();
    let leaf = json
        .iter()
        .flat_map(leaves)
        .find(|(_, v)| v.as_str() == Some(value) || (v.is_number() && *v.to_string() == *value));
    if let Some((path, _)) = leaf {
        return Some(Field::body(&path));
    }
    let location = answer.headers.get("location")?;
    let last = path_segments(location).pop()?;
    (last == value).then(|| Field::Header("Location".into()))
}

/// The word before the value, without its plural s.
fn singular(before: &[String]) -> String {
    let word = before.last().map_or("id", String::as_str);
    let word = word.strip_suffix('s').unwrap_or(word);
    word.replace(|c: char| !c.is_ascii_alphanumeric(), "_")
}

#[cfg(test)]
mod tests;
