//! One request at a time: the head first, the body when the service asks for it. By
//! HTTP/1.1 from a connection, by HTTP/2 from a stream of one.

use std::{
    io::{self, BufRead as _, BufReader, ErrorKind, Read as _, Write as _},
    net::TcpStream,
    sync::mpsc::Receiver,
};

use tokio::sync::oneshot;

use crate::case::{Headers, Response};

/// No body of the demo is larger.
const LARGEST: usize = 1 << 20;

pub(super) struct Exchange {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) headers: Headers,
    /// The port that the request came to.
    pub(super) port: u16,
    wire: Wire,
}

enum Wire {
    Plain(BufReader<TcpStream>),
    Stream(Stream),
}

/// What a stream of HTTP/2 has for its request.
pub(super) struct Stream {
    /// The body once it is there; nothing if the client leaves before.
    pub(super) body: Receiver<Vec<u8>>,
    /// Takes the answer; closed if the client has left. `None` once it has one.
    pub(super) answer: Option<oneshot::Sender<Response>>,
}

impl Exchange {
    pub(super) fn plain(stream: TcpStream, port: u16) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        Ok(Self {
            method: String::new(),
            path: String::new(),
            headers: Headers::default(),
            port,
            wire: Wire::Plain(BufReader::new(stream)),
        })
    }

    pub(super) fn stream(head: &http::request::Parts, stream: Stream, port: u16) -> Self {
        let headers = head.headers.iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.to_string(), value.into_owned())
        });
        Self {
            method: head.method.to_string(),
            path: head.uri.path().to_owned(),
            headers: Headers(headers.collect()),
            port,
            wire: Wire::Stream(stream),
        }
    }

    /// Reads a connection's next head; `None` when the client is gone.
    pub(super) fn next(&mut self) -> Option<()> {
        let Wire::Plain(reader) = &mut self.wire else {
            return None;
        };
        let first = line(reader)?;
        let mut words = first.split(' ');
        words.next()?.clone_into(&mut self.method);
        words.next()?.clone_into(&mut self.path);
        self.headers = Headers::default();
        loop {
            let line = line(reader)?;
            if line.is_empty() {
                return Some(());
            }
            let (name, value) = line.split_once(':')?;
            let pair = (name.trim().to_owned(), value.trim().to_owned());
            self.headers.0.push(pair);
        }
    }

    /// Reads the body; `None` when the client left before its end.
    pub(super) fn body(&mut self) -> Option<Vec<u8>> {
        match &mut self.wire {
            Wire::Plain(reader) => {
                let length = self.headers.get("content-length").unwrap_or("0");
                let mut body = vec![0; length.parse().ok().filter(|n| *n <= LARGEST)?];
                reader.read_exact(&mut body).ok()?;
                Some(body)
            }
            Wire::Stream(stream) => stream.body.recv().ok().filter(|b| b.len() <= LARGEST),
        }
    }

    /// Whether the client has closed its side.
    pub(super) fn left(&self) -> bool {
        match &self.wire {
            Wire::Plain(reader) => {
                let stream = reader.get_ref();
                let _ = stream.set_nonblocking(true);
                let peeked = stream.peek(&mut [0]);
                let _ = stream.set_nonblocking(false);
                match peeked {
                    Ok(n) => n == 0,
                    Err(e) => e.kind() != ErrorKind::WouldBlock,
                }
            }
            Wire::Stream(stream) => stream
                .answer
                .as_ref()
                .is_none_or(oneshot::Sender::is_closed),
        }
    }

    pub(super) fn write(&mut self, answer: &Response) -> Option<()> {
        let reader = match &mut self.wire {
            Wire::Plain(reader) => reader,
            Wire::Stream(stream) => return stream.answer.take()?.send(answer.clone()).ok(),
        };
        let mut out = format!("HTTP/1.1 {} -\r\n", answer.status);
        for (name, value) in &answer.headers.0 {
            out.push_str(&[name, ": ", value, "\r\n"].concat());
        }
        let length = answer.body.0.len().to_string();
        out.push_str(&["Content-Length: ", &length, "\r\n\r\n"].concat());
        let mut bytes = out.into_bytes();
        if self.method != "HEAD" {
            bytes.extend_from_slice(&answer.body.0);
        }
        reader.get_mut().write_all(&bytes).ok()
    }
}

fn line(reader: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    let read = reader.read_line(&mut line).ok()?;
    // Half a line is a client that left.
    (read > 0 && line.ends_with('\n')).then(|| line.trim_end().to_owned())
}
