//! One connection's requests: the head first, the body when the service asks for it.

use std::{
    io::{self, BufRead as _, BufReader, ErrorKind, Read as _, Write as _},
    net::TcpStream,
};

use crate::case::{Headers, Response};

pub(super) struct Exchange {
    reader: BufReader<TcpStream>,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) headers: Headers,
}

impl Exchange {
    pub(super) fn new(stream: TcpStream) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        Ok(Self {
            reader: BufReader::new(stream),
            method: String::new(),
            path: String::new(),
            headers: Headers::default(),
        })
    }

    /// Reads the next request's head; `None` when the client is gone.
    pub(super) fn next(&mut self) -> Option<()> {
        let first = self.line()?;
        let mut words = first.split(' ');
        words.next()?.clone_into(&mut self.method);
        words.next()?.clone_into(&mut self.path);
        self.headers = Headers::default();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                return Some(());
            }
            let (name, value) = line.split_once(':')?;
            let pair = (name.trim().to_owned(), value.trim().to_owned());
            self.headers.0.push(pair);
        }
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.reader.read_line(&mut line).ok()?;
        // Half a line is a client that left.
        (read > 0 && line.ends_with('\n')).then(|| line.trim_end().to_owned())
    }

    /// The port that the request came to.
    pub(super) fn port(&self) -> u16 {
        let local = self.reader.get_ref().local_addr();
        local.map_or(0, |a| a.port())
    }

    /// Reads the body; `None` when the client left before its end.
    pub(super) fn body(&mut self) -> Option<Vec<u8>> {
        let length = self.headers.get("content-length").unwrap_or("0");
        let mut body = vec![0; length.parse().ok().filter(|n| *n <= 1 << 20)?];
        self.reader.read_exact(&mut body).ok()?;
        Some(body)
    }

    /// Whether the client has closed its side.
    pub(super) fn left(&self) -> bool {
        let stream = self.reader.get_ref();
        let _ = stream.set_nonblocking(true);
        let peeked = stream.peek(&mut [0]);
        let _ = stream.set_nonblocking(false);
        match peeked {
            Ok(n) => n == 0,
            Err(e) => e.kind() != ErrorKind::WouldBlock,
        }
    }

    pub(super) fn write(&mut self, answer: &Response) -> Option<()> {
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
        self.reader.get_mut().write_all(&bytes).ok()
    }
}
