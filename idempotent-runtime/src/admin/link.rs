//! Addresses within the page: what stands in them is encoded here, and is
//! never a key.

use std::fmt::Write as _;

use crate::record::RecordId;

/// `?name=value&…` of those that have a value; nothing without any.
pub(super) fn query(pairs: &[(&str, Option<&str>)]) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            text.push(if text.is_empty() { '?' } else { '&' });
            text.push_str(name);
            text.push('=');
            encode(value, &mut text);
        }
    }
    text
}

fn encode(value: &str, text: &mut String) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            text.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
}

/// The value of a name that was sent, if it is not empty.
pub(super) fn sent<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let pair = pairs.iter().find(|(of, _)| of == name)?;
    Some(pair.1.as_str()).filter(|value| !value.is_empty())
}

/// A record's id, as 64 hex digits.
pub(super) fn record_id(text: &str) -> Option<RecordId> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() || pairs.len() != RecordId::BYTES {
        return None;
    }
    let mut bytes = [0; RecordId::BYTES];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        let digit = |it: u8| char::from(it).to_digit(16);
        *byte = (digit(*high)? * 16 + digit(*low)?).to_le_bytes()[0];
    }
    Some(RecordId::from_bytes(bytes))
}

/// Bytes as hex digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_holds_any_text() {
        let pairs = [
            ("state", Some("done")),
            ("after", None),
            ("operation", Some("a b&ü")),
        ];
        assert_eq!(query(&pairs), "?state=done&operation=a%20b%26%C3%BC");
        assert_eq!(query(&[("state", Some(""))]), "");
    }

    #[test]
    fn an_id_is_64_hex_digits() {
        let id = RecordId::from_bytes([0xa5; 32]);
        assert_eq!(record_id(&id.to_string()), Some(id));
        for text in ["", "a5", &"g".repeat(64), &"a".repeat(66), &"é".repeat(32)] {
            assert_eq!(record_id(text), None, "{text}");
        }
    }
}
