//! An answer, read from bytes as they arrive.

use crate::case::{Body, Headers, Response};

use super::Moment;

/// One answer with its times.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub response: Response,
    /// When its first byte was seen.
    pub first: Moment,
    /// When its last byte was seen.
    pub last: Moment,
    /// Whether the connection ends with it.
    pub closes: bool,
}

/// What the bytes so far amount to.
pub(super) enum Read {
    Partial,
    Whole {
        response: Response,
        closes: bool,
        used: usize,
    },
}

/// What is said of a target that was spoken to in the clear, and answers in TLS.
const TLS: &str = "it speaks TLS: write https:// in the place of http://";

/// What servers answer, with 400, who were asked in the clear where they speak TLS.
const ASKED_IN_THE_CLEAR: [&[u8]; 3] = [
    b"plain HTTP request was sent to HTTPS port",
    b"sent an HTTP request to an HTTPS server",
    b"speaking plain HTTP to an SSL-enabled server port",
];

/// Reads one answer from the front of `bytes`; `ended` says that no more will come.
pub(super) fn read(bytes: &[u8], to_head: bool, ended: bool) -> Result<Read, String> {
    // An alert of TLS: its kind, and its version's first byte.
    if bytes.starts_with(&[0x15, 3]) {
        return Err(TLS.into());
    }
    let Some(end) = find(bytes, b"\r\n\r\n") else {
        return Ok(Read::Partial);
    };
    let head = String::from_utf8_lossy(&bytes[..end]);
    let mut lines = head.split("\r\n");
    let first = lines.next().unwrap_or_default();
    let status = first
        .strip_prefix("HTTP/1.")
        .and_then(|rest| rest.get(2..5)?.parse::<u16>().ok())
        .ok_or_else(|| format!("the answer begins with `{first}`, which is not HTTP/1"))?;
    let headers: Vec<_> = lines
        .filter_map(|l| l.split_once(':'))
        .map(|(n, v)| (n.trim().to_owned(), v.trim().to_owned()))
        .collect();
    let headers = Headers(headers);
    let rest = &bytes[end + 4..];
    if (100..200).contains(&status) {
        // An interim answer: the next one counts.
        return Ok(match read(rest, to_head, ended)? {
            Read::Whole {
                response,
                closes,
                used,
            } => Read::Whole {
                response,
                closes,
                used: used + end + 4,
            },
            Read::Partial => Read::Partial,
        });
    }
    let has = |name: &str, word: &str| {
        let value = headers.get(name).unwrap_or_default();
        value.to_ascii_lowercase().contains(word)
    };
    let mut closes = has("connection", "close");
    let body = if to_head || matches!(status, 204 | 304) {
        Some((Vec::new(), 0))
    } else if has("transfer-encoding", "chunked") {
        chunked(rest)?
    } else if let Some(length) = headers.get("content-length") {
        let length: usize = length
            .parse()
            .map_err(|_| format!("the answer's Content-Length is `{length}`"))?;
        rest.get(..length).map(|body| (body.to_vec(), length))
    } else {
        closes = true;
        ended.then(|| (rest.to_vec(), rest.len()))
    };
    Ok(match body {
        None => Read::Partial,
        Some(_) if status == 400 && ASKED_IN_THE_CLEAR.iter().any(|t| find(rest, t).is_some()) => {
            return Err(TLS.into());
        }
        Some((body, length)) => Read::Whole {
            response: Response {
                status,
                headers,
                body: Body(body),
            },
            closes,
            used: end + 4 + length,
        },
    })
}

type Framed = Option<(Vec<u8>, usize)>;

fn chunked(bytes: &[u8]) -> Result<Framed, String> {
    let (mut body, mut at) = (Vec::new(), 0);
    loop {
        let Some(line) = find(&bytes[at..], b"\r\n") else {
            return Ok(None);
        };
        let text = String::from_utf8_lossy(&bytes[at..at + line]);
        let size = text.split(';').next().unwrap_or_default().trim();
        let size =
            usize::from_str_radix(size, 16).map_err(|_| format!("`{size}` is no chunk's size"))?;
        at += line + 2;
        if size == 0 {
            // Trailers end with an empty line.
            let mut rest = at;
            while let Some(line) = find(&bytes[rest..], b"\r\n") {
                rest += line + 2;
                if line == 0 {
                    return Ok(Some((body, rest)));
                }
            }
            return Ok(None);
        }
        let Some(chunk) = bytes.get(at..at + size) else {
            return Ok(None);
        };
        body.extend_from_slice(chunk);
        at += size + 2;
        if at > bytes.len() {
            return Ok(None);
        }
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|w| w == what)
}

#[cfg(test)]
mod tests {
    use super::{Read, read};

    fn body(bytes: &[u8]) -> Option<(u16, Vec<u8>, usize)> {
        match read(bytes, false, false).unwrap() {
            Read::Whole { response, used, .. } => Some((response.status, response.body.0, used)),
            Read::Partial => None,
        }
    }

    #[test]
    fn an_answer_that_asks_for_tls_is_told_as_such() {
        let nginx = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 54\r\n\r\n\
            400 The plain HTTP request was sent to HTTPS port\r\n\r\n ";
        let alert = [0x15, 3, 1, 0, 2, 2, 70];
        for bytes in [&nginx[..], &alert] {
            let said = read(bytes, false, true).err().unwrap();
            assert!(said.contains("write https://"), "{said}");
        }
        assert!(body(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 1\r\n\r\n?").is_some());
    }

    #[test]
    fn an_answer_is_whole_only_with_its_last_byte() {
        let plain = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok";
        let chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
        let interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n";
        for (whole, status, text) in [
            (&plain[..], 201, &b"ok"[..]),
            (&chunks[..], 200, b"ok"),
            (&interim[..], 204, b""),
        ] {
            for cut in 0..whole.len() {
                assert_eq!(body(&whole[..cut]), None, "{cut}");
            }
            assert_eq!(body(whole), Some((status, text.to_vec(), whole.len())));
        }
    }
}
