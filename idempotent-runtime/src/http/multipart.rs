//! Multipart bodies, digested by their parts: the boundary is made anew for
//! each retry, and is no part of what is asked.

#[cfg(test)]
mod parts;

use http::HeaderMap;
use http::header::CONTENT_TYPE;

use crate::fingerprint::tagged;

/// The boundary of a multipart body.
pub(super) fn boundary(headers: &HeaderMap) -> Option<Vec<u8>> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let (kind, parameters) = value.split_once(';')?;
    if !kind
        .trim_ascii()
        .get(..10)?
        .eq_ignore_ascii_case("multipart/")
    {
        return None;
    }
    let boundary = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("boundary")
            .then(|| value.trim().trim_matches('"'))
    })?;
    (!boundary.is_empty()).then(|| boundary.as_bytes().to_vec())
}

/// Feeds the bytes between the delimiter lines, each with its length.
pub(super) fn digest(boundary: &[u8], body: &[u8], hasher: &mut blake3::Hasher) {
    let delimiter = [b"--", boundary].concat();
    let mut from = 0;
    for at in delimiters(&delimiter, body) {
        tagged(b'x', &body[from..at], hasher);
        from = at + delimiter.len();
    }
    tagged(b'x', &body[from..], hasher);
}

/// Where delimiters begin: at the start of the body or of a line.
fn delimiters(delimiter: &[u8], body: &[u8]) -> Vec<usize> {
    let starts_line = |at: usize| at == 0 || body[..at].ends_with(b"\r\n");
    let mut found = Vec::new();
    let mut at = 0;
    while at + delimiter.len() <= body.len() {
        if body[at..].starts_with(delimiter) && starts_line(at) {
            found.push(at);
            at += delimiter.len();
        } else {
            at += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(boundary: &str, body: &str) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        digest(boundary.as_bytes(), body.as_bytes(), &mut hasher);
        hasher.finalize()
    }

    fn form(boundary: &str, value: &str) -> String {
        format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n{value}\r\n--{boundary}--\r\n"
        )
    }

    #[test]
    fn the_boundary_is_no_difference_and_a_part_is() {
        assert_eq!(
            hash("one", &form("one", "1")),
            hash("other", &form("other", "1"))
        );
        assert_ne!(
            hash("one", &form("one", "1")),
            hash("one", &form("one", "2"))
        );
    }

    #[test]
    fn only_multipart_has_a_boundary() {
        let of = |value: &str| {
            boundary(&HeaderMap::from_iter([(
                CONTENT_TYPE,
                value.parse().unwrap(),
            )]))
        };
        assert_eq!(
            of("multipart/form-data; boundary=\"x y\""),
            Some(b"x y".to_vec())
        );
        assert_eq!(
            of("Multipart/Mixed;charset=utf-8; Boundary=b"),
            Some(b"b".to_vec())
        );
        assert_eq!(of("application/json; boundary=b"), None);
        assert_eq!(of("multipart/form-data"), None);
    }
}
