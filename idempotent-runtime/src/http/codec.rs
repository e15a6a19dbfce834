//! A stored response in bytes: status, headers, body. The format is golden:
//! what was written once must be read for ever.
//!
//! ```text
//! kind 1 | status u16 | count | (name | value)* | body
//! name   = code 1..=255 of `NAMES`, or 0 and a length-prefixed name
//! value  = length-prefixed bytes; lengths and count are LEB128
//! ```

#[cfg(test)]
mod round_trip;

use bytes::Bytes;
use http::StatusCode;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};

use crate::answer::{Answer, AnswerKind};

/// Frequent header names by code, from 1. Append only.
const NAMES: [HeaderName; 20] = [
    header::CONTENT_TYPE,
    header::LOCATION,
    header::ETAG,
    header::CACHE_CONTROL,
    header::LINK,
    header::VARY,
    header::LAST_MODIFIED,
    header::CONTENT_LANGUAGE,
    header::CONTENT_ENCODING,
    header::CONTENT_DISPOSITION,
    header::CONTENT_LENGTH,
    header::RETRY_AFTER,
    header::WWW_AUTHENTICATE,
    header::ALLOW,
    header::EXPIRES,
    header::SET_COOKIE,
    header::SERVER,
    header::STRICT_TRANSPORT_SECURITY,
    header::X_CONTENT_TYPE_OPTIONS,
    header::CONTENT_SECURITY_POLICY,
];

/// A response that is or will be stored.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stored {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// The answer of a status, the headers that are kept, and a body.
pub(super) fn encode(
    status: StatusCode,
    headers: &HeaderMap,
    keep: impl Fn(&HeaderName) -> bool,
    body: &[u8],
) -> Answer {
    let kept = || headers.iter().filter(|(name, _)| keep(name));
    let (count, length) = kept().fold((0, 0), |(count, length), (name, value)| {
        let name = code(name).map_or_else(|| sized(name.as_str().len()), |_| 0);
        (count + 1, length + 1 + name + sized(value.len()))
    });
    // Exactly as long as it will be: a record keeps no spare room.
    let mut bytes = Vec::with_capacity(3 + sized(count) - count + length + body.len());
    bytes.push(AnswerKind::Http as u8);
    bytes.extend(status.as_u16().to_be_bytes());
    write_length(count, &mut bytes);
    for (name, value) in kept() {
        if let Some(code) = code(name) {
            bytes.push(code);
        } else {
            bytes.push(0);
            write_sized(name.as_str().as_bytes(), &mut bytes);
        }
        write_sized(value.as_bytes(), &mut bytes);
    }
    bytes.extend_from_slice(body);
    Answer::encoded(bytes)
}

/// The response of a stored answer; `None` if it is not one of this format.
pub(crate) fn decode(answer: &Answer) -> Option<Stored> {
    if answer.kind() != Some(AnswerKind::Http) {
        return None;
    }
    let mut rest = answer.content();
    let status = [take(&mut rest, 1)?[0], take(&mut rest, 1)?[0]];
    let status = StatusCode::from_u16(u16::from_be_bytes(status)).ok()?;
    let count = read_length(&mut rest)?;
    let mut headers = HeaderMap::with_capacity(count.min(64) + 2);
    for _ in 0..count {
        let name = match take(&mut rest, 1)?[0] {
            0 => HeaderName::from_bytes(&take_sized(&mut rest)?).ok()?,
            code => NAMES.get(usize::from(code) - 1)?.clone(),
        };
        let value = HeaderValue::from_maybe_shared(take_sized(&mut rest)?).ok()?;
        headers.try_append(name, value).ok()?;
    }
    Some(Stored {
        status,
        headers,
        body: rest,
    })
}

/// The status of a stored answer; `None` if it is no response.
pub(super) fn status(answer: &Answer) -> Option<u16> {
    match (answer.kind()?, &answer.as_bytes()[..]) {
        (AnswerKind::Http, [_, high, low, ..]) => Some(u16::from_be_bytes([*high, *low])),
        _ => None,
    }
}

fn code(name: &HeaderName) -> Option<u8> {
    NAMES
        .iter()
        .position(|known| known == name)
        .and_then(|at| u8::try_from(at + 1).ok())
}

/// The bytes of a length and of what it counts.
fn sized(length: usize) -> usize {
    let bits = usize::BITS - length.leading_zeros();
    bits.div_ceil(7).max(1) as usize + length
}

fn write_sized(bytes: &[u8], to: &mut Vec<u8>) {
    write_length(bytes.len(), to);
    to.extend_from_slice(bytes);
}

#[allow(clippy::cast_possible_truncation)] // seven bits at a time
fn write_length(mut length: usize, to: &mut Vec<u8>) {
    while length >= 0x80 {
        to.push(length as u8 | 0x80);
        length >>= 7;
    }
    to.push(length as u8);
}

fn take(from: &mut Bytes, length: usize) -> Option<Bytes> {
    (length <= from.len()).then(|| from.split_to(length))
}

fn take_sized(from: &mut Bytes) -> Option<Bytes> {
    let length = read_length(from)?;
    take(from, length)
}

fn read_length(from: &mut Bytes) -> Option<usize> {
    let mut length = 0;
    for shift in (0..usize::BITS).step_by(7) {
        let byte = take(from, 1)?[0];
        length |= usize::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(length);
        }
    }
    None
}
