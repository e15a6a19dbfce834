//! A field whose change makes another payload that the service still accepts.

use serde_json::{Value, json};

use super::Seen;
use crate::plan::{Field, KeyPlace, leaves};

const AMOUNTS: &[&str] = &["amount", "quantity", "count", "price", "total", "age"];

/// The field, its other value, and why it was chosen.
pub(super) fn other(one: &Seen<'_>, key: Option<&KeyPlace>) -> Option<(Field, Value, String)> {
    let json = one.case.request.body.as_json()?;
    let key = key.and_then(|k| k.body.clone()).unwrap_or_default();
    let fields: Vec<_> = leaves(&json)
        .into_iter()
        .filter(|(path, _)| *path != key && !path.is_empty())
        .collect();
    let known = |path: &str| AMOUNTS.contains(&path.rsplit('.').next().unwrap_or(path));
    let number = |(_, v): &&(String, Value)| v.is_i64() || v.is_u64();
    let reference = |path: &str| {
        let name = path.rsplit('.').next().unwrap_or(path);
        name == "id" || name.ends_with("_id") || name.ends_with("Id")
    };
    let numbers = || fields.iter().filter(number);
    if let Some((path, value)) = numbers()
        .find(|(p, _)| known(p))
        .or_else(|| numbers().find(|(p, _)| !reference(p)))
    {
        let value = json!(value.as_i64()?.saturating_add(1));
        return Some((Field::body(path), value, "a number, raised by one".into()));
    }
    let mut texts = fields
        .iter()
        .filter(|(p, v)| v.is_string() && !reference(p));
    let (path, value) = texts.find(|(p, v)| {
        let name = p.rsplit('.').next().unwrap_or(p);
        let free = ["name", "title", "note", "description", "text", "comment"];
        free.iter().any(|f| name.to_ascii_lowercase().contains(f))
            || v.as_str().is_some_and(|t| t.contains(' '))
    })?;
    let value = json!(format!("{} 2", value.as_str()?));
    Some((Field::body(path), value, "free text, lengthened".into()))
}
