//! `record`: a proxy that writes a case for each request as it passes.
//!
//! Bytes go on as they come, in both directions; what is kept of them is bounded.
//! The upstream is asked for plain bodies and for one answer a connection.

mod body;
mod pass;

use std::{
    fmt::Write as _,
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use crate::{
    Problem,
    case::{self, Case},
    net::Target,
};

/// What the proxy needs to know.
pub(crate) struct Recorder {
    pub upstream: Target,
    pub folder: PathBuf,
    /// The most bytes of a message that are kept.
    pub cap: usize,
    /// Headers that are masked beside the known ones.
    pub masked: Vec<String>,
    /// Told each case's line, or what went wrong.
    pub said: Box<dyn Fn(String) + Send + Sync>,
    /// The next case's number: cases are in the order in which requests came.
    next: Mutex<usize>,
}

impl Recorder {
    pub(crate) fn new(
        upstream: Target,
        folder: &Path,
        said: Box<dyn Fn(String) + Send + Sync>,
    ) -> Result<Self, Problem> {
        let next = case::next(&folder.join("cases"))?;
        Ok(Self {
            upstream,
            folder: folder.to_owned(),
            cap: 1 << 20,
            masked: Vec::new(),
            said,
            next: Mutex::new(next),
        })
    }

    fn number(&self) -> usize {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        *next += 1;
        *next - 1
    }

    /// Writes a case, and the names of its secrets.
    fn keep(&self, number: usize, case: &Case) {
        let status = case.response.as_ref().map_or(0, |r| r.status);
        let line = format!("{} {} {status}", case.request.method, case.request.url);
        let cases = self.folder.join("cases");
        let written = case::save_as(&cases, number, case);
        match written.and_then(|w| self.list_secrets(case).map(|()| w)) {
            Ok(written) => (self.said)(format!("{written} {line}")),
            Err(e) => (self.said)(format!("not written: {line}: {e}")),
        }
    }

    /// `secrets.example.env`: the variables that a run will want, without values.
    fn list_secrets(&self, case: &Case) -> Result<(), Problem> {
        // Two at once would lose one's lines.
        let _one = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.folder.join("secrets.example.env");
        let mut text = fs::read_to_string(&path).unwrap_or_default();
        let before = text.len();
        for (_, value) in &case.request.headers.0 {
            if let Some(name) = case::secret_name(value) {
                let line = format!("{}=", case::secret_env(name));
                if !text.lines().any(|l| l == line) {
                    let _ = writeln!(text, "{line}");
                }
            }
        }
        if text.len() == before {
            return Ok(());
        }
        fs::write(&path, text).map_err(|e| Problem::file(&path, e.to_string()))
    }
}

/// Takes connections until `stop` is set, a thread each; ends with the open ones.
pub(crate) fn serve(listener: &TcpListener, recorder: &Arc<Recorder>, stop: &AtomicBool) {
    let mut open = Vec::new();
    for stream in listener.incoming() {
        if stop.load(Ordering::Acquire) {
            break;
        }
        let Ok(stream) = stream else { continue };
        let recorder = Arc::clone(recorder);
        open.retain(|t: &thread::JoinHandle<()>| !t.is_finished());
        open.push(thread::spawn(move || {
            if let Err(e) = pass::one(&recorder, stream) {
                (recorder.said)(format!("not recorded: {e}"));
            }
        }));
    }
    for thread in open {
        let _ = thread.join();
    }
}
