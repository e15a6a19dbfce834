//! Header blocks (RFC 7541) without a dynamic table: written as plain literals, and read
//! for their status alone.

use crate::{
    case::{Request, Url},
    net::wire::NOT_SENT,
};

/// Headers that HTTP/2 has not.
const NOT_HERE: &[&str] = &[
    "host",
    "connection",
    "keep-alive",
    "proxy-connection",
    "transfer-encoding",
    "te",
    "upgrade",
];

/// A request's header block.
pub(super) fn encode(request: &Request, scheme: &str, authority: &str) -> Vec<u8> {
    let path = Url::parse(&request.url).map_or_else(|_| request.url.clone(), |u| u.target());
    let mut block = Vec::new();
    let pseudo = [
        (":method", request.method.as_str()),
        (":scheme", scheme),
        (":authority", authority),
        (":path", &path),
    ];
    for (name, value) in pseudo {
        literal(&mut block, name, value);
    }
    for (name, value) in &request.headers.0 {
        let name = name.to_ascii_lowercase();
        if !NOT_SENT.contains(&name.as_str()) && !NOT_HERE.contains(&name.as_str()) {
            literal(&mut block, &name, value);
        }
    }
    if !request.body.is_empty() {
        literal(
            &mut block,
            "content-length",
            &request.body.0.len().to_string(),
        );
    }
    block
}

/// A literal without indexing, its name in full.
fn literal(block: &mut Vec<u8>, name: &str, value: &str) {
    block.push(0);
    for text in [name, value] {
        integer(block, text.len());
        block.extend(text.bytes());
    }
}

/// A length with a prefix of seven bits (section 5.1).
fn integer(block: &mut Vec<u8>, value: usize) {
    let low = |n: usize| u8::try_from(n).unwrap_or(0x7f);
    if value < 0x7f {
        block.push(low(value));
        return;
    }
    block.push(0x7f);
    let mut rest = value - 0x7f;
    while rest >= 0x80 {
        block.push(low(rest % 0x80) | 0x80);
        rest /= 0x80;
    }
    block.push(low(rest));
}

/// The static table's entries for `:status`, from number 8 on.
const STATUSES: [u16; 7] = [200, 204, 206, 304, 400, 404, 500];

/// A block's status, which stands first but for changes of the table's size.
pub(super) fn status(block: &[u8]) -> Option<u16> {
    let (first, rest) = block.split_first()?;
    match first {
        // The table's new size, which we have set to nothing.
        0x20..=0x3f => status(rest),
        // A whole entry of the static table.
        0x88..=0x8e => STATUSES.get(usize::from(first - 0x88)).copied(),
        // A literal whose name is the entry 8, to 14 as well: with indexing, without, never.
        0x48..=0x4e | 0x08..=0x0e | 0x18..=0x1e => {
            let (length, text) = rest.split_first()?;
            let text = text.get(..usize::from(length & 0x7f))?;
            if length & 0x80 == 0 {
                std::str::from_utf8(text).ok()?.parse().ok()
            } else {
                digits(text)
            }
        }
        _ => None,
    }
}

/// Three digits in Huffman's code: 0, 1 and 2 have five bits, the others six.
fn digits(text: &[u8]) -> Option<u16> {
    let bits: Vec<u8> = text
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1))
        .collect();
    let value = |bits: &[u8]| bits.iter().fold(0, |sum, bit| sum * 2 + u16::from(*bit));
    let (mut at, mut number) = (0, 0);
    for _ in 0..3 {
        let five = value(bits.get(at..at + 5)?);
        let (digit, width) = if five < 3 {
            (five, 5)
        } else {
            (value(bits.get(at..at + 6)?).checked_sub(22)?, 6)
        };
        if digit > 9 {
            return None;
        }
        number = number * 10 + digit;
        at += width;
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::{integer, status};

    #[test]
    fn a_status_is_read_from_an_entry_a_literal_and_huffmans_code() {
        // RFC 7541, appendix C.6.1: 302 is `6402`; the others by its appendix B.
        for (block, wanted) in [
            (&b"\x88"[..], Some(200)),
            (b"\x20\x8e\x00", Some(500)),
            (b"\x48\x03201", Some(201)),
            (b"\x48\x82\x64\x02", Some(302)),
            (b"\x08\x82\x10\x03", Some(201)),
            (b"\x08\x83\x68\x0f\xff", Some(409)),
            (b"\x08\x82\x68\x42", Some(422)),
            (b"\x40\x01a\x01b", None),
            (b"", None),
        ] {
            assert_eq!(status(block), wanted, "{block:x?}");
        }
    }

    #[test]
    fn a_long_length_takes_more_bytes() {
        let coded = |n| {
            let mut block = Vec::new();
            integer(&mut block, n);
            block
        };
        assert_eq!(coded(126), [126]);
        assert_eq!(coded(127), [127, 0]);
        assert_eq!(coded(1464), [127, 0xb9, 10]);
    }
}
