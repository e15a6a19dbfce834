//! Secrets out of what is kept: by the names of headers, fields and parameters.
//!
//! Equal values of one name get one placeholder, others the next: two principals
//! stay two, and a card that was declined is not the one that paid.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use regex_lite::Regex;

use crate::case::{
    Body, Headers,
    fields::{self, Found, is_secret_field},
    is_secret, placeholder,
};

/// What is masked, and by which names.
#[derive(Default)]
pub(crate) struct Masks {
    more: Vec<Regex>,
    /// Names that are masked by default and hold no secret here.
    plain: Vec<String>,
    /// The values seen by name, in memory only.
    seen: Mutex<BTreeMap<String, Vec<String>>>,
}

impl Masks {
    /// Patterns match a whole name, whatever its case.
    pub(crate) fn new(more: &[String], plain: &[String]) -> Result<Self, String> {
        let regex = |pattern: &String| {
            let whole = Regex::new(&format!("^(?i:{pattern})$"));
            whole.map_err(|e| format!("`{pattern}`: {e}"))
        };
        Ok(Self {
            more: more.iter().map(regex).collect::<Result<_, _>>()?,
            plain: plain.iter().map(|n| n.to_ascii_lowercase()).collect(),
            seen: Mutex::default(),
        })
    }

    fn asked(&self, name: &str, by_default: bool) -> bool {
        let plain = self.plain.contains(&name.to_ascii_lowercase());
        !plain && (by_default || self.more.iter().any(|r| r.is_match(name)))
    }

    /// Headers as a case keeps them.
    pub(super) fn headers(&self, pairs: Vec<(String, String)>) -> Headers {
        let pairs = Headers::unframed(pairs).map(|(name, value)| {
            if self.asked(&name, is_secret(&name)) {
                let value = self.name(&name, &value);
                (name, placeholder(&value))
            } else {
                (name, value)
            }
        });
        Headers(pairs.collect())
    }

    /// A body as a case keeps it; what is neither JSON nor a form stays as it is.
    pub(super) fn body(&self, bytes: Vec<u8>, kind: &str) -> Body {
        match std::str::from_utf8(&bytes) {
            Ok(text) if kind.contains("form-urlencoded") => {
                Body::text(fields::form(text, &mut |f| self.field(&f)))
            }
            Ok(text) if text.trim_start().starts_with(['{', '[']) => {
                Body::text(fields::json(text, &mut |f| self.field(&f)))
            }
            // A cut in the middle of a letter: the rest is text all the same.
            Err(e) if kind.contains("json") && e.error_len().is_none() => {
                let text = String::from_utf8_lossy(&bytes[..e.valid_up_to()]);
                Body::text(fields::json(&text, &mut |f| self.field(&f)))
            }
            _ => Body(bytes),
        }
    }

    /// A URL as a case keeps it.
    pub(super) fn url(&self, url: String) -> String {
        let Some((path, query)) = url.split_once('?') else {
            return url;
        };
        let query = fields::form(query, &mut |f| self.field(&f));
        format!("{path}?{query}")
    }

    fn field(&self, found: &Found<'_>) -> Option<String> {
        let asked = found.any(|name| self.asked(name, is_secret_field(name)));
        if !asked || found.value.is_empty() {
            return None;
        }
        let name = self.name(found.name, found.value);
        let kind = if found.number { "|number" } else { "" };
        Some(placeholder(&format!("{name}{kind}")))
    }

    /// The secret's name: that of its field, with a number from the second value on.
    fn name(&self, field: &str, value: &str) -> String {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let name: String = field
            .to_ascii_lowercase()
            .chars()
            .map(|c| if plain(c) { c } else { '_' })
            .collect();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let values = seen.entry(name.clone()).or_default();
        let index = values.iter().position(|v| v == value).unwrap_or_else(|| {
            values.push(value.to_owned());
            values.len() - 1
        });
        match index {
            0 => name,
            index => format!("{name}-{}", index + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Masks;

    #[test]
    fn names_are_masked_by_default_and_by_pattern_and_values_are_told_apart() {
        let masks = Masks::new(&["x-tenant.*".into(), "nick".into()], &["card".into()]).unwrap();
        let body = br#"{"password":"a","card":"tok_1","nick":"n","pin":12}"#.to_vec();
        let body = masks.body(body, "application/json");
        assert_eq!(
            body.as_text(),
            Some(
                r#"{"password":"${secret:password}","card":"tok_1","nick":"${secret:nick}","pin":"${secret:pin|number}"}"#
            )
        );
        let pair = |n: &str, v: &str| (n.to_owned(), v.to_owned());
        let pairs = vec![
            pair("X-Tenant-Id", "t"),
            pair("Authorization", "A"),
            pair("Host", "h"),
        ];
        let headers = masks.headers(pairs);
        assert_eq!(headers.get("x-tenant-id"), Some("${secret:x-tenant-id}"));
        assert_eq!((headers.get("host"), headers.0.len()), (None, 2));
        let other = masks.headers(vec![pair("Authorization", "B")]);
        assert_eq!(
            other.get("authorization"),
            Some("${secret:authorization-2}")
        );
        let again = masks.headers(vec![pair("authorization", "A")]);
        assert_eq!(again.get("authorization"), Some("${secret:authorization}"));
        let url = masks.url("http://h/a?access_token=x&q=1".into());
        assert_eq!(url, "http://h/a?access_token=${secret:access_token}&q=1");
        let form = masks.body(
            b"user=a&password=b".to_vec(),
            "application/x-www-form-urlencoded",
        );
        assert_eq!(form.as_text(), Some("user=a&password=${secret:password-2}"));
        assert!(Masks::new(&["(".into()], &[]).is_err());
    }
}
