//! The target as a process of ours: started, stopped, killed, started again.

use std::{
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Mutex, PoisonError},
    thread,
    time::Duration,
};

use super::{Failure, Protocol, Target, exchange, now};

/// A command that serves the target, and the path that says that it is ready.
pub(crate) struct Process {
    words: Vec<String>,
    ready: String,
    target: Target,
    child: Mutex<Option<Child>>,
}

/// So long may a start take, and a stop.
const START: Duration = Duration::from_secs(30);
const STOP: Duration = Duration::from_secs(15);

impl Process {
    /// A command that is not started yet, for a target that nobody serves.
    pub(crate) fn new(command: &str, ready: &str, target: &Target) -> Result<Self, String> {
        let words = shell_words::split(command).map_err(|e| format!("--target-cmd: {e}"))?;
        let process = Self {
            words,
            ready: ready.to_owned(),
            target: target.clone(),
            child: Mutex::new(None),
        };
        if process.answers().is_ok() {
            return Err(format!(
                "{} answers before --target-cmd is started: something else runs there",
                target.url
            ));
        }
        Ok(process)
    }

    /// How it ended, if it ended by itself.
    pub(crate) fn ended(&self) -> Option<ExitStatus> {
        self.lock().as_mut()?.try_wait().ok()?
    }

    /// Starts the command, at first or anew, and waits until the target answers.
    pub(crate) fn again(&self) -> Result<(), String> {
        let fail = |e: std::io::Error| format!("{}: {e}", self.words.join(" "));
        let (program, args) = self.words.split_first().ok_or("--target-cmd is empty")?;
        let mut command = Command::new(program);
        command
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        let child = command.stderr(Stdio::null()).spawn().map_err(fail)?;
        *self.lock() = Some(child);
        let start = now();
        let mut last = String::new();
        while now() - start < START {
            match self.answers() {
                Ok(()) => return Ok(()),
                Err(why) => last = why,
            }
            // Who is not believed now will not be later.
            if let Err(Failure::Tls(why)) = self.target.greet(Protocol::Http1) {
                return Err(why);
            }
            if let Some(child) = &mut *self.lock()
                && let Some(status) = child.try_wait().map_err(fail)?
            {
                return Err(format!("{} ended at once: {status}", self.words.join(" ")));
            }
            thread::sleep(Duration::from_millis(10));
        }
        let url = &self.target.url;
        Err(format!("{url} did not answer within 30 s; at last: {last}"))
    }

    /// Whether it is ready; else how it is not.
    fn answers(&self) -> Result<(), String> {
        let head = format!(
            "GET {} HTTP/1.1\r\nHost: {}\r\n\r\n",
            self.ready, self.target.authority
        );
        match exchange(&self.target, head.as_bytes())?.response.status {
            status @ 500.. => Err(format!("{} answered {status}", self.ready)),
            _ => Ok(()),
        }
    }

    /// SIGKILL: nothing more is run.
    pub(crate) fn kill(&self) -> Result<(), String> {
        let Some(mut child) = self.lock().take() else {
            return Ok(());
        };
        let killed = child.kill().and_then(|()| child.wait());
        killed
            .map(drop)
            .map_err(|e| format!("killing the target: {e}"))
    }

    /// SIGTERM, as deployments send it; SIGKILL if it does not end.
    pub(crate) fn stop(&self) -> Result<(), String> {
        let id = self.lock().as_ref().map(Child::id);
        let id = id.and_then(|id| i32::try_from(id).ok());
        let id = id.and_then(rustix::process::Pid::from_raw);
        if let Some(id) = id {
            let sent = rustix::process::kill_process(id, rustix::process::Signal::TERM);
            sent.map_err(|e| format!("stopping the target: {e}"))?;
        }
        let start = now();
        while now() - start < STOP {
            let ended = self.lock().as_mut().map(Child::try_wait);
            if !matches!(ended, Some(Ok(None))) {
                self.lock().take();
                return Ok(());
            }
            thread::sleep(Duration::from_millis(10));
        }
        self.kill()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Child>> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}
