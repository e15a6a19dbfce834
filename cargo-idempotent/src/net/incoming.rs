//! A request as a server of ours reads it: bounded, with its body whole.

use std::io::{BufRead, Read, Write};

use crate::case::{Body, Headers, Request};

/// More than that is no request of a test.
const MOST: usize = 8 << 20;

/// Reads the next request; `None` when the client is gone or sends what is not HTTP/1.
pub(crate) fn incoming<S: Read + Write>(stream: &mut std::io::BufReader<S>) -> Option<Request> {
    let first = line(stream)?;
    let mut words = first.split(' ');
    let (method, url) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Headers::default();
    loop {
        let line = line(stream)?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        headers
            .0
            .push((name.trim().to_owned(), value.trim().to_owned()));
        if headers.0.len() > 200 {
            return None;
        }
    }
    let lower = |name: &str| headers.get(name).unwrap_or_default().to_ascii_lowercase();
    if lower("expect") == "100-continue" {
        stream
            .get_mut()
            .write_all(b"HTTP/1.1 100 Continue\r\n\r\n")
            .ok()?;
    }
    let body = if lower("transfer-encoding").contains("chunked") {
        chunks(stream)?
    } else {
        let length = headers.get("content-length").unwrap_or("0");
        exactly(stream, length.parse().ok()?)?
    };
    Some(Request {
        method,
        url,
        headers,
        body: Body(body),
    })
}

fn line(stream: &mut impl BufRead) -> Option<String> {
    let mut line = Vec::new();
    let read = stream.take(64 << 10).read_until(b'\n', &mut line).ok()?;
    let whole = read > 0 && line.ends_with(b"\n");
    whole.then(|| String::from_utf8_lossy(&line).trim_end().to_owned())
}

fn exactly(stream: &mut impl Read, length: usize) -> Option<Vec<u8>> {
    let mut body = vec![0; Some(length).filter(|n| *n <= MOST)?];
    stream.read_exact(&mut body).ok()?;
    Some(body)
}

fn chunks(stream: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let size = line(stream)?;
        let size = size.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            // Trailers, up to the empty line.
            while !line(stream)?.is_empty() {}
            return Some(body);
        }
        if body.len() + size > MOST {
            return None;
        }
        body.extend(exactly(stream, size)?);
        line(stream)?;
    }
}
