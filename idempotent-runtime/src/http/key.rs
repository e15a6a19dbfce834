//! The key in a request's header: an RFC 9651 string as the IETF draft says,
//! or the bare form that the installed base sends. Both name the same key.

#[cfg(test)]
mod against_sfv;

use http::HeaderMap;

use crate::error::Error;
use crate::key::{Key, KeyError};

/// The key in the header `name`, or `None` where there is no such header.
pub(super) fn read(headers: &HeaderMap, name: &'static str) -> Result<Option<Key>, Error> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(KeyError::Repeated.into());
    }
    Ok(Some(parse(value.as_bytes())?))
}

pub(crate) fn parse(value: &[u8]) -> Result<Key, KeyError> {
    let value = value.trim_ascii();
    match value.split_first() {
        None => Err(KeyError::Empty),
        Some((b'"', rest)) => quoted(rest),
        Some(_) => bare(value),
    }
}

/// `"` has been read. Parameters after the string are ignored.
fn quoted(rest: &[u8]) -> Result<Key, KeyError> {
    let mut text = String::new();
    let mut bytes = rest.iter();
    loop {
        match bytes.next() {
            Some(b'"') => break,
            Some(b'\\') => match bytes.next() {
                Some(escaped @ (b'"' | b'\\')) => text.push(char::from(*escaped)),
                _ => return Err(KeyError::Malformed),
            },
            Some(byte @ 0x20..=0x7e) => text.push(char::from(*byte)),
            _ => return Err(KeyError::Malformed),
        }
    }
    match bytes.as_slice().first() {
        None | Some(b';') => Key::new(text),
        Some(_) => Err(KeyError::Malformed),
    }
}

fn bare(value: &[u8]) -> Result<Key, KeyError> {
    let visible = |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';');
    if !value.iter().all(visible) {
        return Err(KeyError::Malformed);
    }
    std::str::from_utf8(value)
        .map_err(|_| KeyError::Malformed)
        .and_then(Key::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(value: &str) -> Result<String, KeyError> {
        parse(value.as_bytes()).map(|key| key.as_str().to_owned())
    }

    #[test]
    fn quoted_and_bare_name_the_same_key() {
        assert_eq!(key("abc"), key("\"abc\""));
        assert_eq!(key("\"abc\";v=1"), key("abc"));
        assert_eq!(key(r#""a\"b\\c""#), Ok(r#"a"b\c"#.to_owned()));
        assert_eq!(key("\"with space\""), Ok("with space".to_owned()));
    }

    #[test]
    fn anything_else_is_refused() {
        for malformed in [
            "a b",
            "a,b",
            "a;b",
            "\"open",
            "\"a\"b",
            r#""\n""#,
            "\"a\", \"b\"",
            "ü",
        ] {
            assert_eq!(key(malformed), Err(KeyError::Malformed), "{malformed}");
        }
        assert_eq!(key(""), Err(KeyError::Empty));
        assert_eq!(key("\"\""), Err(KeyError::Empty));
    }

    #[test]
    fn the_length_counts_after_unescaping() {
        assert!(key(&format!("\"{}\"", r#"\""#.repeat(255))).is_ok());
        assert_eq!(key(&"k".repeat(256)), Err(KeyError::TooLong));
    }
}
