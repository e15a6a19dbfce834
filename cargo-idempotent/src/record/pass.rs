//! One request through the proxy.

use std::{
    io::{BufReader, Read as _, Write as _},
    net::TcpStream,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use super::{
    Recorder,
    body::{Framing, Kept, line, pass},
};
use crate::{
    case::{Body, Case, Headers, Request, Source, Times},
    net::parse,
};

/// Not passed on: the connection's own, and what would make bodies unreadable.
const DROPPED: &[&str] = &[
    "host",
    "connection",
    "keep-alive",
    "proxy-connection",
    "accept-encoding",
    "expect",
];

pub(super) fn one(recorder: &Recorder, stream: TcpStream) -> Result<(), String> {
    let mut client = BufReader::new(stream);
    let Ok(first) = line(&mut client) else {
        // A connection that was only opened, as browsers do.
        return Ok(());
    };
    let mut words = first.split_whitespace();
    let (Some(method), Some(path)) = (words.next(), words.next()) else {
        return Err(format!("`{}` is no request line", first.trim()));
    };
    let headers = headers(&mut client)?;
    let framing = framing(&headers)?;
    let (sent, number) = (stamp(), recorder.number());
    let fail = |e: std::io::Error| format!("{}: {e}", recorder.upstream.url);
    let timeout = Duration::from_secs(10);
    let address = recorder.upstream.address;
    let mut server = TcpStream::connect_timeout(&address, timeout).map_err(|e| {
        let _ = refuse(client.get_mut());
        fail(e)
    })?;
    let authority = &recorder.upstream.authority;
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {authority}\r\n");
    for (name, value) in &headers.0 {
        if !DROPPED.iter().any(|d| name.eq_ignore_ascii_case(d)) {
            head.push_str(&[name, ": ", value, "\r\n"].concat());
        }
    }
    head.push_str("Connection: close\r\n\r\n");
    server.write_all(head.as_bytes()).map_err(fail)?;
    if headers.get("expect").is_some() {
        let go_on = client.get_mut().write_all(b"HTTP/1.1 100 Continue\r\n\r\n");
        go_on.map_err(|e| e.to_string())?;
    }
    let request_body = pass(&mut client, &mut server, &framing, recorder.cap)?;
    let to_head = method == "HEAD";
    let answer = back(&mut server, client.get_mut(), to_head, recorder.cap)?;
    drop(client);
    let what = format!("{method} {path}");
    if request_body.cut || answer.cut {
        let cap = recorder.cap;
        return Err(format!(
            "{what}: a body is larger than the {cap} bytes that are kept"
        ));
    }
    let response = parse(&answer.bytes, to_head, true)
        .ok_or_else(|| format!("{what}: the answer is not whole"))?;
    let mut case = Case::new(
        format!(
            "{} {}",
            method.to_ascii_lowercase(),
            path.split('?').next().unwrap_or(path)
        ),
        Request {
            method: method.to_owned(),
            url: format!("{}{path}", recorder.upstream.url),
            headers: kept(recorder, headers),
            body: Body(request_body.bytes),
        },
    );
    case.source = Source {
        format: "record".to_owned(),
        ..Source::default()
    };
    case.times = Times {
        sent,
        answered: stamp(),
    };
    let mut response = response;
    response.headers = kept(recorder, response.headers);
    case.response = Some(response);
    recorder.keep(number, &case);
    Ok(())
}

fn headers(client: &mut BufReader<TcpStream>) -> Result<Headers, String> {
    let mut pairs = Vec::new();
    while pairs.len() < 200 {
        let line = line(client)?;
        if line.trim().is_empty() {
            return Ok(Headers(pairs));
        }
        let pair = line.split_once(':').ok_or("a header without a colon")?;
        pairs.push((pair.0.trim().to_owned(), pair.1.trim().to_owned()));
    }
    Err("more than 200 headers".into())
}

fn framing(headers: &Headers) -> Result<Framing, String> {
    if headers.get("transfer-encoding").is_some() {
        return Ok(Framing::Chunked);
    }
    match headers.get("content-length") {
        None => Ok(Framing::None),
        Some(length) => {
            let length = length.parse().map(Framing::Length);
            length.map_err(|_| "the Content-Length is no number".into())
        }
    }
}

/// The answer, passed on as it comes until it is whole or the server closes: not
/// every server closes because it is asked to. A client that left does not end it:
/// the server's work is recorded as a whole.
fn back(
    server: &mut TcpStream,
    client: &mut TcpStream,
    to_head: bool,
    cap: usize,
) -> Result<Kept, String> {
    let mut kept = Kept::default();
    let mut part = [0; 16 * 1024];
    loop {
        let count = server
            .read(&mut part)
            .map_err(|e| format!("the service: {e}"))?;
        if count == 0 {
            return Ok(kept);
        }
        let _ = client.write_all(&part[..count]);
        // The head is kept beside the body.
        kept.add(&part[..count], cap + 64 * 1024);
        if !kept.cut && parse(&kept.bytes, to_head, false).is_some() {
            return Ok(kept);
        }
    }
}

fn refuse(client: &mut TcpStream) -> std::io::Result<()> {
    client.write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

fn kept(recorder: &Recorder, headers: Headers) -> Headers {
    let mut kept = Headers::of_request(headers.0);
    for (name, value) in &mut kept.0 {
        if recorder.masked.iter().any(|m| name.eq_ignore_ascii_case(m)) {
            *value = format!("${{secret:{}}}", name.to_ascii_lowercase());
        }
    }
    kept
}

/// Seconds since 1970 with µs.
#[allow(clippy::disallowed_methods, reason = "only shown, and only to people")]
fn stamp() -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    format!("{}.{:06}", now.as_secs(), now.subsec_micros())
}
