//! HTTP/2, over TLS or by prior knowledge, as far as a burst needs it: frames by hand,
//! as libraries hold no frame back. Of an answer, status and body are read.

mod frame;
mod hpack;
mod stream;

use std::{io::ErrorKind, time::Duration};

use self::frame::{DATA, Frame, HEADERS, SETTINGS, frame};
pub(crate) use self::stream::Stream;
use super::{Protocol, Sealed, Target, now, socket::Socket};
use crate::case::Request;

/// What the client begins with.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A frame's largest payload before anything is agreed.
const MOST: usize = 16_384;

/// What may be sent on a connection before anything is agreed.
pub(crate) const WINDOW: usize = 65_535;

/// How long a server may take to say that it speaks HTTP/2.
const PROBE: Duration = Duration::from_secs(2);

/// How long a target may leave bytes unread.
const PATIENCE: Duration = Duration::from_secs(30);

/// One connection, with the streams of one burst at a time.
pub(crate) struct Wire {
    socket: Socket,
    buffer: Vec<u8>,
    /// The next request's stream.
    next: u32,
    scheme: &'static str,
    authority: String,
}

/// One request in the two parts that may leave apart.
pub(crate) struct Parts {
    /// All but the last DATA frame; all of it if there is none.
    pub front: Vec<u8>,
    /// The last DATA frame, with the body's last byte.
    pub back: Vec<u8>,
}

/// What a look at the connection showed.
pub(crate) enum Look {
    /// Nothing is there.
    Silent,
    /// Something was, and the streams know.
    Read,
}

impl Wire {
    /// Opens a connection; an error if the target does not speak HTTP/2.
    pub(crate) fn open(target: &Target) -> Result<Self, String> {
        let fail = |e: std::io::Error| format!("{}: {e}", target.address);
        let socket = Socket::open(target, Protocol::H2, PROBE).map_err(|e| e.to_string())?;
        let mut wire = Self {
            socket,
            buffer: Vec::new(),
            next: 1,
            scheme: target.scheme(),
            authority: target.authority.clone(),
        };
        // No table for headers, no pushes, and room for any answer.
        let settings = [(1_u16, 0_u32), (2, 0), (4, 0x7fff_ffff)];
        let settings = settings.iter().flat_map(|(id, value)| {
            let id = id.to_be_bytes().into_iter();
            id.chain(value.to_be_bytes())
        });
        let mut hello = PREFACE.to_vec();
        hello.extend(frame(SETTINGS, 0, 0, &settings.collect::<Vec<_>>()));
        hello.extend(frame(frame::WINDOW, 0, 0, &0x3fff_ffff_u32.to_be_bytes()));
        wire.send(&hello)?;
        let start = now();
        while wire.buffer.len() < 9 && now() - start < PROBE {
            wire.fill()?;
        }
        match Frame::first(&wire.buffer) {
            Some(f) if f.kind == SETTINGS && f.stream == 0 => {}
            _ => return Err("it does not speak HTTP/2".into()),
        }
        wire.socket.patience(PATIENCE).map_err(fail)?;
        Ok(wire)
    }

    /// A request on a stream of its own.
    pub(crate) fn parts(&mut self, request: &Request) -> (Stream, Parts) {
        let id = self.next;
        self.next += 2;
        let block = hpack::encode(request, self.scheme, &self.authority);
        let body = &request.body.0;
        let ends = if body.is_empty() { frame::END } else { 0 };
        let mut front = frame(HEADERS, frame::END_HEADERS | ends, id, &block);
        let Some((last, rest)) = body.split_last() else {
            let back = Vec::new();
            return (Stream::new(id), Parts { front, back });
        };
        for chunk in rest.chunks(MOST) {
            front.extend(frame(DATA, 0, id, chunk));
        }
        let back = frame(DATA, frame::END, id, &[*last]);
        (Stream::new(id), Parts { front, back })
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

    /// Reads what is there, and gives it to the streams.
    pub(crate) fn look(&mut self, streams: &mut [Stream]) -> Result<Look, String> {
        self.socket.blocking(false)?;
        if !self.fill()? {
            return Ok(Look::Silent);
        }
        while let Some(frame) = Frame::first(&self.buffer) {
            let (used, reply) = (frame.length, frame.reply()?);
            if let Some(stream) = streams.iter_mut().find(|s| s.id == frame.stream) {
                stream.take(&frame)?;
            }
            self.buffer.drain(..used);
            if !reply.is_empty() {
                self.send(&reply)?;
            }
        }
        Ok(Look::Read)
    }

    /// Whether something was read.
    fn fill(&mut self) -> Result<bool, String> {
        let mut chunk = [0; 16 * 1024];
        match self.socket.read(&mut chunk) {
            Ok(0) => Err("the connection was closed".into()),
            Ok(n) => {
                self.buffer.extend_from_slice(&chunk[..n]);
                Ok(true)
            }
            Err(e) if e.kind() == ErrorKind::WouldBlock => Ok(false),
            Err(e) => Err(format!("reading: {e}")),
        }
    }
}
