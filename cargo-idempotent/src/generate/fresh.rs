//! Fields that have to be unique: the traffic shows a refusal, or never repeats them.

use serde_json::Value;

use super::Seen;
use crate::plan::{Field, KeyPlace, leaves};

/// Parts of names whose values services keep unique.
const UNIQUE: &[&str] = &[
    "email",
    "mail",
    "username",
    "login",
    "reference",
    "slug",
    "handle",
    "external_id",
    "externalid",
    "order_number",
    "ordernumber",
    "invoice",
    "phone",
    "telephone",
    "sku",
    "isbn",
    "iban",
];

/// The fields, and why each is among them.
pub(super) fn of(
    one: &Seen<'_>,
    seen: &[Seen<'_>],
    key: Option<&KeyPlace>,
    taken: &[Field],
) -> Vec<(Field, String)> {
    let Some(json) = one.case.request.body.as_json() else {
        return Vec::new();
    };
    if one.case.request.method != "POST" {
        return Vec::new();
    }
    let key = key.and_then(|k| k.body.as_deref()).unwrap_or_default();
    let texts = leaves(&json).into_iter().filter(|(path, value)| {
        let text = value.as_str().unwrap_or_default();
        !text.is_empty() && path != key && !text.contains("${secret:")
    });
    texts
        .filter_map(|(path, value)| {
            let field = Field::body(&path);
            let why = refused(&path, &value, one, seen).or_else(|| differs(&path, one, seen))?;
            (!taken.contains(&field)).then_some((field, why))
        })
        .collect()
}

/// Fields of a request whose names speak of unique values: what a refused second key
/// asks to look at.
pub(crate) fn candidates(request: &crate::case::Request) -> Vec<Field> {
    let json = request.body.as_json();
    let texts = json
        .iter()
        .flat_map(leaves)
        .filter(|(path, value)| value.is_string() && named(path));
    texts.map(|(path, _)| Field::body(&path)).collect()
}

/// A later request with the value was refused with 409 or 422, though another with
/// another value passed: nothing else tells the two apart.
fn refused(path: &str, value: &Value, one: &Seen<'_>, seen: &[Seen<'_>]) -> Option<String> {
    if !named(path) {
        return None;
    }
    let route = |s: &&Seen<'_>| s.route == one.route && s.case.request.method == "POST";
    let has = |s: &&Seen<'_>| at(s, path).as_ref() == Some(value);
    let mut passed = seen.iter().filter(route).filter(has);
    let first = passed.find(|s| s.case.succeeded() == Some(true))?;
    let after = seen.iter().skip_while(|s| s.file != first.file).skip(1);
    let again = after.filter(route).filter(has).find(|s| {
        let status = s.case.response.as_ref().map(|r| r.status);
        matches!(status, Some(409 | 422))
    })?;
    let status = again.case.response.as_ref()?.status;
    Some(format!(
        "{} had the same value as {} and got {status}",
        again.file, first.file
    ))
}

/// At least two requests of the route passed, and no two had the same value.
fn differs(path: &str, one: &Seen<'_>, seen: &[Seen<'_>]) -> Option<String> {
    if !named(path) {
        return None;
    }
    let passed = seen.iter().filter(|s| {
        s.route == one.route && s.case.request.method == "POST" && s.case.succeeded() != Some(false)
    });
    let values: Vec<_> = passed.filter_map(|s| at(s, path)).collect();
    let unique = (1..values.len()).all(|i| !values[..i].contains(&values[i]));
    (values.len() >= 2 && unique)
        .then(|| format!("differs in all {} requests of the route", values.len()))
}

fn named(path: &str) -> bool {
    let name = path.rsplit('.').next().unwrap_or(path).to_ascii_lowercase();
    UNIQUE.iter().any(|part| name.contains(part))
}

fn at(seen: &Seen<'_>, path: &str) -> Option<Value> {
    let json = seen.case.request.body.as_json()?;
    let found = leaves(&json).into_iter().find(|(p, _)| p == path);
    found.map(|(_, value)| value)
}
