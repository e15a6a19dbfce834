//! One connection: bytes out when asked, answers in with their times.

use std::{
    io::{self, ErrorKind},
    time::Duration,
};

use super::{
    Answer, Moment, Protocol, Sealed, Target,
    answer::{self, Read},
    now,
    socket::Socket,
    target::CONNECT,
    tls,
};

/// How long an answer may take before the target counts as stuck.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Connection {
    socket: Socket,
    buffer: Vec<u8>,
    first: Option<Moment>,
    ended: bool,
}

impl Connection {
    pub(crate) fn open(target: &Target) -> Result<Self, String> {
        let socket = Socket::open(target, Protocol::Http1, CONNECT).map_err(|e| e.to_string())?;
        let set = socket.patience(PATIENCE);
        set.map_err(|e| format!("{}: {e}", target.address))?;
        Ok(Self {
            socket,
            buffer: Vec::new(),
            first: None,
            ended: false,
        })
    }

    /// Writes all of the bytes.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.socket.send(bytes)
    }

    /// Makes bytes ready to leave, by [`Self::release`].
    pub(crate) fn seal<'a>(&mut self, bytes: &'a [u8]) -> Result<Sealed<'a>, String> {
        self.socket.seal(bytes)
    }

    pub(crate) fn release(&mut self, sealed: &Sealed<'_>) -> Result<(), String> {
        self.socket.release(sealed)
    }

    /// Waits for one answer; `to_head` says that it has no body.
    pub(crate) fn receive(&mut self, to_head: bool) -> Result<Answer, String> {
        self.socket.blocking(true)?;
        loop {
            if let Some(answer) = self.take(to_head)? {
                return Ok(answer);
            }
            self.fill()?;
        }
    }

    /// Reads what is there; an answer if it is whole.
    pub(crate) fn poll(&mut self) -> Result<Option<Answer>, String> {
        self.socket.blocking(false)?;
        if let Some(answer) = self.take(false)? {
            return Ok(Some(answer));
        }
        self.fill()?;
        self.take(false)
    }

    /// Whether not one byte of an answer is there yet.
    pub(crate) fn silent(&mut self) -> bool {
        self.buffer.is_empty()
            && self.socket.blocking(false).is_ok()
            && matches!(self.socket.arrives(), Err(e) if e.kind() == ErrorKind::WouldBlock)
    }

    /// Waits for an answer's first byte.
    pub(crate) fn first_byte(&mut self) -> Result<(), String> {
        self.socket.blocking(true)?;
        self.socket.arrives().map_err(|e| unread(&e))
    }

    fn fill(&mut self) -> Result<(), String> {
        let mut chunk = [0; 16 * 1024];
        match self.socket.read(&mut chunk) {
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
            Err(e) if e.kind() == ErrorKind::WouldBlock && !self.socket.blocks() => Ok(()),
            Err(e) => Err(unread(&e)),
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

fn unread(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => {
            format!("no answer within {} s", PATIENCE.as_secs())
        }
        _ => tls::closed(error).unwrap_or_else(|| format!("reading: {error}")),
    }
}

/// One request on a connection of its own.
pub(crate) fn exchange(target: &Target, bytes: &[u8]) -> Result<Answer, String> {
    let mut connection = Connection::open(target)?;
    connection.send(bytes)?;
    connection.receive(bytes.starts_with(b"HEAD "))
}
