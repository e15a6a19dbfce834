//! `record`: a proxy that writes a case for each request as it passes.
//!
//! Bodies go on frame by frame as they come, in both directions; what is kept of
//! them is bounded. Clients may speak HTTP/1.1 or HTTP/2 on the same port, in the clear,
//! or in TLS where the recorder has a certificate; the upstream is spoken to as it is
//! told. The upstream is asked for plain bodies. An exchange runs to its end although its client left, as the
//! server's work does.

mod accept;
mod copy;
mod folder;
mod head;
mod mask;
mod pass;
mod stamp;
#[cfg(test)]
mod tests;
mod upstream;

pub(crate) use accept::{run, start};
pub(crate) use mask::Masks;

use std::{
    fmt::Write as _,
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio_rustls::TlsAcceptor;

use crate::{
    Problem,
    case::Case,
    net::{Protocol, Target},
};
use folder::Folder;

/// What the proxy needs to know.
pub(crate) struct Recorder {
    pub upstream: Target,
    /// What the upstream speaks.
    pub protocol: Protocol,
    /// What clients are met with, if in TLS.
    pub door: Option<TlsAcceptor>,
    /// The most bytes of a body that are kept.
    pub cap: usize,
    pub masks: Masks,
    /// Told each case's line, or what went wrong.
    pub said: Box<dyn Fn(String) + Send + Sync>,
    folder: Folder,
    /// The next case's number: cases are in the order in which requests came.
    next: Mutex<usize>,
    connections: AtomicU64,
    written: AtomicU64,
}

impl Recorder {
    pub(crate) fn new(
        upstream: Target,
        folder: &Path,
        said: Box<dyn Fn(String) + Send + Sync>,
    ) -> Result<Self, Problem> {
        let (folder, next) = Folder::open(folder)?;
        Ok(Self {
            upstream,
            protocol: Protocol::Http1,
            door: None,
            cap: 1 << 20,
            masks: Masks::default(),
            said,
            folder,
            next: Mutex::new(next),
            connections: AtomicU64::new(0),
            written: AtomicU64::new(0),
        })
    }

    /// How many cases were written.
    pub(crate) fn written(&self) -> u64 {
        self.written.load(Ordering::Acquire)
    }

    /// What the upstream is spoken to in.
    fn spoken(&self) -> &'static str {
        match (self.protocol, &self.upstream.tls) {
            (Protocol::Http1, _) => "HTTP/1.1",
            (Protocol::H2, None) => "h2c",
            (Protocol::H2, Some(_)) => "h2",
        }
    }

    fn number(&self) -> usize {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        *next += 1;
        *next - 1
    }

    fn connection(&self) -> u64 {
        self.connections.fetch_add(1, Ordering::AcqRel) + 1
    }

    /// Writes a case, and says so in a line.
    fn keep(&self, number: usize, case: &Case) {
        let status = case.response.as_ref().map_or(0, |r| r.status);
        let took = case.times.last_us.unwrap_or(0);
        let mut line = format!(
            "{} {} {status} in {took} µs",
            case.request.method, case.request.url
        );
        let cut = [
            ("request", case.truncated.request),
            ("answer", case.truncated.response),
        ];
        for (side, whole) in cut.into_iter().filter_map(|(s, w)| Some((s, w?))) {
            let cap = self.cap;
            let _ = write!(line, ", the {side} truncated to {cap} of {whole} bytes");
        }
        match self.folder.keep(number, case) {
            Ok(written) => {
                self.written.fetch_add(1, Ordering::AcqRel);
                (self.said)(format!("{written} {line}"));
            }
            Err(e) => (self.said)(format!("not written: {line}: {e}")),
        }
    }
}
