//! Secrets in a request: `${secret:name}` in headers, in the URL and in the body.
//!
//! In a JSON body the placeholder is a string. Where the value was a number, it is
//! `${secret:name|number}`, and the quotes go with it when a value is put in.

use std::collections::BTreeMap;

use super::{Body, Request};

const OPEN: &str = "${secret:";

/// The text that stands for a secret of this name.
pub(crate) fn placeholder(name: &str) -> String {
    format!("{OPEN}{name}}}")
}

/// The names of all secrets that a request needs, each once.
pub(crate) fn names(request: &Request) -> Vec<String> {
    let headers = request.headers.0.iter().map(|(_, v)| v.as_str());
    let texts = headers.chain([request.url.as_str(), request.body.as_text().unwrap_or("")]);
    let mut names: Vec<_> = texts.flat_map(in_text).collect();
    names.sort();
    names.dedup();
    names
}

/// The names of the secrets in a text.
pub(crate) fn in_text(text: &str) -> Vec<String> {
    let parts = text.split(OPEN).skip(1);
    parts
        .filter_map(|p| Some(p.split_once('}')?.0))
        .map(|name| name.trim_end_matches("|number").to_owned())
        .collect()
}

/// Puts values in the place of the placeholders.
pub(crate) fn fill(request: &mut Request, values: &BTreeMap<String, String>) {
    for (_, value) in &mut request.headers.0 {
        *value = put(value, values, str::to_owned);
    }
    request.url = put(&request.url, values, encoded);
    let json = request.body.as_json().is_some();
    let form = request
        .headers
        .get("content-type")
        .is_some_and(|t| t.contains("form-urlencoded"));
    if let Some(text) = request.body.as_text().filter(|t| t.contains(OPEN)) {
        let encode = match (json, form) {
            (true, _) => escaped,
            (false, true) => encoded,
            (false, false) => str::to_owned,
        };
        request.body = Body::text(put(text, values, encode));
    }
}

fn put(text: &str, values: &BTreeMap<String, String>, encode: fn(&str) -> String) -> String {
    let mut out = text.to_owned();
    for (name, value) in values {
        out = out.replace(&format!("\"{OPEN}{name}|number}}\""), value);
        out = out.replace(&placeholder(name), &encode(value));
    }
    out
}

/// A value inside the quotes of a JSON string.
fn escaped(value: &str) -> String {
    let quoted = serde_json::Value::from(value).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// A value inside a query or a form.
fn encoded(value: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{fill, names};
    use crate::case::{Body, Headers, Request};

    #[test]
    fn a_secret_is_put_back_wherever_it_was_taken_out() {
        let mut request = Request {
            method: "POST".into(),
            url: "http://h/a?token=${secret:token}".into(),
            headers: Headers(vec![("Authorization".into(), "Bearer ${secret:a}".into())]),
            body: Body::text(r#"{"password":"${secret:password}","pin":"${secret:pin|number}"}"#),
        };
        assert_eq!(names(&request), ["a", "password", "pin", "token"]);
        let values = [
            ("a", "x"),
            ("password", "q\"q"),
            ("pin", "12"),
            ("token", "a b"),
        ];
        let values = values.map(|(n, v)| (n.to_owned(), v.to_owned())).into();
        fill(&mut request, &values);
        assert_eq!(request.url, "http://h/a?token=a%20b");
        assert_eq!(request.headers.get("authorization"), Some("Bearer x"));
        let body = request.body.as_text().unwrap();
        assert_eq!(body, r#"{"password":"q\"q","pin":12}"#);
    }
}
