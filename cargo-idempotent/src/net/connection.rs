//! One connection: bytes out when asked, answers in with their times.

use std::{
    io::{ErrorKind, Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use super::{
    Answer, Moment, Target,
    answer::{self, Read},
    now,
};

/// How long an answer may take before the target counts as stuck.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    first: Option<Moment>,
    ended: bool,
    blocks: bool,
}

impl Connection {
    pub(crate) fn open(target: &Target) -> Result<Self, String> {
        let fail = |e: std::io::Error| format!("{}: {e}", target.address);
        let timeout = Duration::from_secs(5);
        let stream = TcpStream::connect_timeout(&target.address, timeout).map_err(fail)?;
        stream.set_nodelay(true).map_err(fail)?;
        stream.set_write_timeout(Some(PATIENCE)).map_err(fail)?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(fail)?;
        Ok(Self {
            stream,
            buffer: Vec::new(),
            first: None,
            ended: false,
            blocks: true,
        })
    }

    /// Writes all of the bytes.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.blocking(true)?;
        let written = self.stream.write_all(bytes);
        written.map_err(|e| format!("writing: {e}"))
    }

    /// Waits for one answer; `to_head` says that it has no body.
    pub(crate) fn receive(&mut self, to_head: bool) -> Result<Answer, String> {
        self.blocking(true)?;
        loop {
            if let Some(answer) = self.take(to_head)? {
                return Ok(answer);
            }
            self.fill()?;
        }
    }

    /// Reads what is there; an answer if it is whole.
    pub(crate) fn poll(&mut self) -> Result<Option<Answer>, String> {
        self.blocking(false)?;
        if let Some(answer) = self.take(false)? {
            return Ok(Some(answer));
        }
        self.fill()?;
        self.take(false)
    }

    /// Whether not one byte of an answer is there yet.
    pub(crate) fn silent(&mut self) -> bool {
        let mut byte = [0];
        self.buffer.is_empty()
            && self.blocking(false).is_ok()
            && matches!(self.stream.peek(&mut byte), Err(e) if e.kind() == ErrorKind::WouldBlock)
    }

    /// Waits for an answer's first byte.
    pub(crate) fn first_byte(&mut self) -> Result<(), String> {
        self.blocking(true)?;
        let peeked = self.stream.peek(&mut [0]);
        peeked.map(drop).map_err(|e| format!("reading: {e}"))
    }

    fn blocking(&mut self, yes: bool) -> Result<(), String> {
        if self.blocks != yes {
            let set = self.stream.set_nonblocking(!yes);
            set.map_err(|e| format!("the socket: {e}"))?;
            self.blocks = yes;
        }
        Ok(())
    }

    fn fill(&mut self) -> Result<(), String> {
        let mut chunk = [0; 16 * 1024];
        match self.stream.read(&mut chunk) {
            Ok(0) if self.ended => Err("the connection was closed before an answer".into()),
            Ok(0) => {
                self.ended = true;
                Ok(())
            }
            Ok(n) => {
                self.first.get_or_insert_with(now);
                self.buffer.extend_from_slice(&chunk[..n]);
                Ok(())
            }
            Err(e) if e.kind() == ErrorKind::WouldBlock && !self.blocks => Ok(()),
            Err(e) => Err(format!("no answer within {} s: {e}", PATIENCE.as_secs())),
        }
    }

    fn take(&mut self, to_head: bool) -> Result<Option<Answer>, String> {
        match answer::read(&self.buffer, to_head, self.ended)? {
            Read::Partial => Ok(None),
            Read::Whole {
                response,
                closes,
                used,
            } => {
                self.buffer.drain(..used);
                let last = now();
                Ok(Some(Answer {
                    response,
                    first: self.first.take().unwrap_or(last),
                    last,
                    closes: closes || self.ended,
                }))
            }
        }
    }
}

/// One request on a connection of its own.
pub(crate) fn exchange(target: &Target, bytes: &[u8]) -> Result<Answer, String> {
    let mut connection = Connection::open(target)?;
    connection.send(bytes)?;
    connection.receive(bytes.starts_with(b"HEAD "))
}
