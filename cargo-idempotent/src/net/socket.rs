//! A socket to a target, in the clear or in TLS.
//!
//! What is sent is sealed first and released later: the bytes that a race holds back wait
//! as the ciphertext that they will be, and to release them is one plain write. Sealed
//! bytes leave in the order in which they were sealed.

use std::{
    borrow::Cow,
    fmt,
    io::{self, BufRead as _, ErrorKind, Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use rustls::ClientConnection;

use super::{Protocol, Target, tls};

pub(super) struct Socket {
    stream: TcpStream,
    session: Option<Box<ClientConnection>>,
    blocks: bool,
}

/// Bytes as they go on the wire.
pub(crate) struct Sealed<'a>(Cow<'a, [u8]>);

/// Why a socket could not be opened.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Nobody listens, or nobody answers: that may pass.
    Connection(String),
    /// Whoever listens is not to be spoken to as the target is given: that stays.
    Tls(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Connection(text) | Self::Tls(text)) = self;
        f.write_str(text)
    }
}

impl Socket {
    /// Connects, and has the handshake behind it; each step may take as long.
    pub(super) fn open(
        target: &Target,
        protocol: Protocol,
        patience: Duration,
    ) -> Result<Self, Failure> {
        let fail = |e: io::Error| Failure::Connection(format!("{}: {e}", target.address));
        let stream = TcpStream::connect_timeout(&target.address, patience).map_err(fail)?;
        stream.set_nodelay(true).map_err(fail)?;
        let mut socket = Self {
            stream,
            session: None,
            blocks: true,
        };
        socket.patience(patience).map_err(fail)?;
        if let Some(tls) = &target.tls {
            let stays = |e: String| Failure::Tls(format!("{}: {e}", target.url));
            let mut session = tls.session(protocol).map_err(stays)?;
            let stream = &mut socket.stream;
            uninterrupted(|| session.complete_io(stream)).map_err(|e| {
                let text = tls::handshake(&e);
                match tls::closed(&e) {
                    Some(_) => stays(text),
                    None => Failure::Connection(format!("{}: {text}", target.url)),
                }
            })?;
            tls::agreed(protocol, session.alpn_protocol()).map_err(stays)?;
            socket.session = Some(Box::new(session));
        }
        Ok(socket)
    }

    /// How long the target may leave bytes unread, or be silent.
    pub(super) fn patience(&self, patience: Duration) -> io::Result<()> {
        self.stream.set_write_timeout(Some(patience))?;
        self.stream.set_read_timeout(Some(patience))
    }

    pub(super) fn blocking(&mut self, yes: bool) -> Result<(), String> {
        if self.blocks != yes {
            let set = self.stream.set_nonblocking(!yes);
            set.map_err(|e| format!("the socket: {e}"))?;
            self.blocks = yes;
        }
        Ok(())
    }

    pub(super) fn blocks(&self) -> bool {
        self.blocks
    }

    /// Writes all of the bytes.
    pub(super) fn send(&mut self, bytes: &[u8]) -> Result<(), String> {
        let sealed = self.seal(bytes)?;
        self.release(&sealed)
    }

    /// Makes bytes ready to leave: nothing else may be sent before they do.
    pub(super) fn seal<'a>(&mut self, bytes: &'a [u8]) -> Result<Sealed<'a>, String> {
        let Some(session) = &mut self.session else {
            return Ok(Sealed(bytes.into()));
        };
        sealed(session, bytes).map_err(unwritten)
    }

    /// Writes what was sealed, in one write.
    pub(super) fn release(&mut self, sealed: &Sealed<'_>) -> Result<(), String> {
        self.blocking(true)?;
        self.stream.write_all(&sealed.0).map_err(unwritten)
    }

    /// Reads what there is, once there is any; 0 is the end.
    pub(super) fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let Some(session) = &mut self.session else {
            return uninterrupted(|| self.stream.read(into));
        };
        decrypt(session, &mut self.stream)?;
        match session.reader().read(into) {
            Err(e) if e.kind() == ErrorKind::UnexpectedEof => Ok(0),
            read => read,
        }
    }

    /// Comes back once a byte of an answer can be read, or its end.
    pub(super) fn arrives(&mut self) -> io::Result<()> {
        match &mut self.session {
            Some(session) => decrypt(session, &mut self.stream),
            None => uninterrupted(|| self.stream.peek(&mut [0])).map(drop),
        }
    }
}

impl Drop for Socket {
    /// A server's session tickets, left unread, would make the kernel reset the connection
    /// and lose what the server has not read: it is to be closed as one in the clear is.
    fn drop(&mut self) {
        if self.session.is_some() && self.blocking(false).is_ok() {
            let _ = self.arrives();
        }
    }
}

fn sealed(session: &mut ClientConnection, bytes: &[u8]) -> io::Result<Sealed<'static>> {
    session.writer().write_all(bytes)?;
    let mut sealed = Vec::with_capacity(bytes.len() + 64);
    while session.wants_write() {
        session.write_tls(&mut sealed)?;
    }
    Ok(Sealed(sealed.into()))
}

#[allow(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn unwritten(error: io::Error) -> String {
    format!("writing: {error}")
}

/// Reads records until one of them has bytes of an answer: tickets have none.
fn decrypt(session: &mut ClientConnection, stream: &mut TcpStream) -> io::Result<()> {
    loop {
        match session.reader().fill_buf() {
            Ok(_) => return Ok(()),
            // The end, without TLS's own word for it: the framing of HTTP says whether it
            // came too early.
            Err(e) if e.kind() == ErrorKind::UnexpectedEof => return Ok(()),
            Err(e) if e.kind() == ErrorKind::WouldBlock => {}
            Err(e) => return Err(e),
        }
        uninterrupted(|| session.read_tls(stream))?;
        session.process_new_packets().map_err(io::Error::other)?;
    }
}

/// A signal is for whoever waits for it: what it wakes goes on.
fn uninterrupted<T>(mut read: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match read() {
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}
