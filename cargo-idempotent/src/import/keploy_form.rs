//! Forms of Keploy's cases, where the body itself was not kept:
//! `form: [{key, values, paths}]`.

use std::{collections::BTreeMap, path::Path};

use serde_json::{Map, Value};

use super::{
    form::encode,
    keploy::asset,
    multipart::{Part, body as multipart, kind_of},
};
use crate::case::Body;

/// The body made of a form, if there is one; a multipart one gets its own boundary.
pub(super) fn body(
    rest: &Map<String, Value>,
    headers: &mut BTreeMap<String, String>,
    file: &Path,
) -> Option<Result<Body, String>> {
    let fields = rest.get("form")?.as_array().filter(|f| !f.is_empty())?;
    let kind = headers
        .iter()
        .find(|(n, _)| n.eq_ignore_ascii_case("content-type"))
        .map(|(_, v)| v.clone());
    let has_files = fields.iter().any(|f| !texts(&f["paths"]).is_empty());
    if !has_files && kind.as_deref().is_some_and(|k| k.contains("urlencoded")) {
        return Some(Ok(urlencoded(fields)));
    }
    let parts = match parts(fields, file) {
        Ok(parts) => parts,
        Err(message) => return Some(Err(message)),
    };
    let (kind, bytes) = multipart(&parts);
    headers.retain(|n, _| !n.eq_ignore_ascii_case("content-type"));
    headers.insert("Content-Type".to_owned(), kind);
    Some(Ok(Body(bytes)))
}

fn urlencoded(fields: &[Value]) -> Body {
    let mut pairs = Vec::new();
    for field in fields {
        let key = encode(field["key"].as_str().unwrap_or_default().as_bytes());
        for value in texts(&field["values"]) {
            pairs.push(format!("{key}={}", encode(value.as_bytes())));
        }
    }
    Body::text(pairs.join("&"))
}

fn parts(fields: &[Value], file: &Path) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    for field in fields {
        let name = field["key"].as_str().unwrap_or_default().to_owned();
        for value in texts(&field["values"]) {
            parts.push(Part {
                name: name.clone(),
                file: None,
                kind: None,
                bytes: value.as_bytes().to_vec(),
            });
        }
        for path in texts(&field["paths"]) {
            let bytes = asset(file, path);
            let bytes = bytes.ok_or_else(|| format!("the file `{path}` is not beside the case"))?;
            let base = Path::new(path).file_name().unwrap_or_default();
            parts.push(Part {
                name: name.clone(),
                file: Some(base.to_string_lossy().into_owned()),
                kind: Some(kind_of(path).to_owned()),
                bytes,
            });
        }
    }
    Ok(parts)
}

fn texts(value: &Value) -> Vec<&str> {
    let list = value.as_array().into_iter().flatten();
    list.filter_map(Value::as_str).collect()
}
