//! A key as a header's value: bare where its characters allow it, as most
//! services take it; else a quoted string, as RFC 9651 writes one.

use http::HeaderValue;

use crate::key::Key;

/// The key cannot stand in a header.
#[derive(Debug, thiserror::Error)]
#[error("the idempotency key has characters beyond ASCII, which no header's string has")]
pub(super) struct NotAscii;

pub(super) fn value(key: &Key) -> Result<HeaderValue, NotAscii> {
    let text = key.as_str();
    let is_bare = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';');
    let mut value = if text.bytes().all(is_bare) {
        HeaderValue::from_str(text)
    } else {
        let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
        HeaderValue::from_str(&format!("\"{escaped}\""))
    }
    .map_err(|_| NotAscii)?;
    if !text.is_ascii() {
        return Err(NotAscii);
    }
    // Not for logs.
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(key: &str) -> Option<String> {
        let value = value(&Key::new(key).unwrap()).ok()?;
        Some(value.to_str().unwrap().to_owned())
    }

    #[test]
    fn most_keys_are_sent_bare_and_the_others_quoted() {
        for (key, sent) in [
            ("8e03978e-40d5-43dd", "8e03978e-40d5-43dd"),
            (r"a\b", r"a\b"),
            ("order 7", r#""order 7""#),
            ("a,b;c", r#""a,b;c""#),
            (r#"say "a\b""#, r#""say \"a\\b\"""#),
        ] {
            assert_eq!(shown(key).as_deref(), Some(sent));
        }
        assert_eq!(shown("ü"), None);
    }
}
