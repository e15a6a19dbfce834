//! `application/x-www-form-urlencoded`: values as they stand in a form or a query.

use std::fmt::Write as _;

/// Encodes all but unreserved characters.
pub(super) fn encode(bytes: &[u8]) -> String {
    escape(bytes, |byte| {
        byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)
    })
}

/// Encodes only what would end the value or the line: archives hold values encoded or
/// not, by the tool that wrote them, and `%41` must not become `%2541`.
pub(super) fn patch(text: &str) -> String {
    escape(text.as_bytes(), |byte| {
        byte.is_ascii_graphic() && !b"&=#".contains(&byte)
    })
}

fn escape(bytes: &[u8], plain: impl Fn(u8) -> bool) -> String {
    let mut out = String::new();
    for byte in bytes {
        if plain(*byte) {
            out.push(char::from(*byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
