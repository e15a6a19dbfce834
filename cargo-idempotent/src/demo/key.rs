//! The key of a request, as the default profile wants it.

use serde_json::json;

use super::{
    Flaw,
    payments::{Payments, answer},
};
use crate::case::{Headers, Response};

impl Payments {
    /// The key, `None` where it may be missing; or the refusal.
    pub(super) fn key(&self, headers: &Headers) -> Result<Option<String>, Response> {
        let refuse = |code: &str| Err(answer(400, &json!({ "code": code })));
        let mut keys = headers.0.iter();
        let mut keys = keys
            .by_ref()
            .filter(|(n, _)| n.eq_ignore_ascii_case("idempotency-key"));
        let (first, second) = (keys.next(), keys.next());
        let Some((_, text)) = first else {
            return if self.is(Flaw::KeyOptional) || self.is(Flaw::NoKeys) {
                Ok(None)
            } else {
                refuse("key-missing")
            };
        };
        if second.is_some() && !self.is(Flaw::FirstKey) {
            return refuse("key-malformed");
        }
        let inner = text.strip_prefix('"').and_then(|t| t.strip_suffix('"'));
        let key = inner.unwrap_or(text);
        if key.is_empty() && self.is(Flaw::EmptyKey) {
            return Ok(Some(String::new()));
        }
        if key.len() > 255 && self.is(Flaw::KeyCut) {
            return Ok(Some(key[..255].to_owned()));
        }
        let well = (1..=255).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
        if well && !key.contains(['"', ',', ';']) {
            Ok(Some(key.to_owned()))
        } else {
            refuse("key-malformed")
        }
    }
}
