//! The W3C `traceparent` of a request: the ids are the server's trace too.

use http::HeaderMap;

use crate::record::Trace;

/// `00-<trace id>-<span id>-<flags>`; nothing for what is not one.
pub(super) fn of(headers: &HeaderMap) -> Option<Trace> {
    let text = headers.get("traceparent")?.to_str().ok()?;
    let mut parts = text.split('-');
    let (version, trace, span, flags) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    // A later version may have more parts, the first one has not.
    if version.len() != 2 || version == "ff" || (version == "00" && parts.next().is_some()) {
        return None;
    }
    let mut bytes = [0; 25];
    hex(trace, &mut bytes[..16])?;
    hex(span, &mut bytes[16..24])?;
    hex(flags, &mut bytes[24..])?;
    let known = |part: &[u8]| part.iter().any(|byte| *byte != 0);
    (known(&bytes[..16]) && known(&bytes[16..24])).then_some(bytes)
}

fn hex(text: &str, bytes: &mut [u8]) -> Option<()> {
    let digits = text.as_bytes();
    if digits.len() != 2 * bytes.len() || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    for (byte, at) in bytes.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn parsed(text: &'static str) -> Option<Trace> {
        let mut headers = HeaderMap::new();
        headers.insert("traceparent", HeaderValue::from_static(text));
        of(&headers)
    }

    #[test]
    fn the_ids_and_flags_are_read() {
        let trace = parsed("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").unwrap();
        assert_eq!(trace[..2], [0x0a, 0xf7]);
        assert_eq!(trace[16..18], [0xb7, 0xad]);
        assert_eq!(trace[24], 1);
    }

    #[test]
    fn what_is_no_traceparent_is_none() {
        for text in [
            "",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-+af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
        ] {
            assert_eq!(parsed(text), None, "{text}");
        }
    }
}
