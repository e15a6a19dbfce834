//! One server's process: started and waited for, killed, paused, restarted.
//!
//! What it keeps: a server never outlives its [`Process`], nor the process that
//! started it; each wait has a bound; each failure shows the server's own log.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};

use super::launch::{Launch, Running, log_tail};
use super::{Error, Result, process_tree};
use crate::Deadline;

/// Recovery after a kill included, on two busy cores.
const READY_WITHIN: Duration = Duration::from_mins(1);
const END_WITHIN: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(20);

/// A server's process. Dropping it kills the server.
pub struct Process {
    launch: Launch,
    running: Option<Running>,
}

impl Process {
    pub(super) fn start(launch: Launch) -> Result<Self> {
        let mut process = Self {
            launch,
            running: None,
        };
        process.restart()?;
        Ok(process)
    }

    /// Starts it again with the same port and data, after a kill if it still
    /// runs, and waits until it serves.
    ///
    /// # Errors
    /// When it ends early or does not serve within 60 s, with its log's end.
    pub fn restart(&mut self) -> Result<()> {
        self.kill()?;
        self.running = Some(self.launch.spawn()?);
        let deadline = Deadline::after(READY_WITHIN);
        let mut ended = None;
        let settled = deadline.poll(POLL, || {
            ended = self.ended();
            ended.is_some() || (self.launch.ready)()
        });
        let name = self.launch.name.clone();
        let outcome = match ended {
            Some(status) => Err(Error::Ended {
                name,
                status,
                log: log_tail(&self.launch.log()),
            }),
            None if settled => return Ok(()),
            None => Err(Error::NotReady {
                name,
                waited: READY_WITHIN,
                log: log_tail(&self.launch.log()),
            }),
        };
        self.kill()?;
        outcome
    }

    /// Ends it abruptly, as a crash would: `kill -9`, but for PostgreSQL, whose
    /// crash is `pg_ctl stop -m immediate`. Nothing happens if it is down.
    ///
    /// # Errors
    /// When the system cannot tell whether it has ended.
    pub fn kill(&mut self) -> Result<()> {
        self.end(self.launch.abrupt)
    }

    /// Ends it in its own orderly way (SIGTERM).
    ///
    /// # Errors
    /// When the system cannot tell whether it has ended.
    pub fn stop(&mut self) -> Result<()> {
        self.end(Signal::TERM)
    }

    /// Stops the process and its children in their tracks (SIGSTOP):
    /// connections stay open, nobody answers.
    ///
    /// # Errors
    /// When it is not running.
    pub fn pause(&mut self) -> Result<()> {
        self.signal_tree(Signal::STOP)
    }

    /// Lets a paused server go on (SIGCONT).
    ///
    /// # Errors
    /// When it is not running.
    pub fn resume(&mut self) -> Result<()> {
        self.signal_tree(Signal::CONT)
    }

    /// Its process id, while it runs.
    pub fn pid(&self) -> Option<u32> {
        self.running.as_ref().map(|running| running.child.id())
    }

    /// The directory with its data, `log` and `pid`.
    pub fn dir(&self) -> &Path {
        &self.launch.dir
    }

    /// What it writes to its standard output and error.
    pub fn log(&self) -> PathBuf {
        self.launch.log()
    }

    /// The program and its arguments, as they were started.
    pub fn command_line(&self) -> Vec<String> {
        let program = self.launch.program.display().to_string();
        std::iter::once(program)
            .chain(self.launch.args.iter().cloned())
            .collect()
    }

    fn ended(&mut self) -> Option<String> {
        let status = self.running.as_mut()?.child.try_wait().ok()??;
        self.running = None;
        Some(status.to_string())
    }

    fn end(&mut self, signal: Signal) -> Result<()> {
        let Some(mut running) = self.running.take() else {
            return Ok(());
        };
        let waiting = || Error::io(format!("wait for the end of {}", self.launch.name));
        let group = Pid::from_child(&running.child);
        // Either fails only where it is dead already.
        let _ = kill_process_group(group, signal);
        process_tree::signal(running.child.id(), Signal::CONT);
        let mut outcome = Ok(None);
        Deadline::after(END_WITHIN).poll(POLL, || {
            outcome = running.child.try_wait();
            !matches!(outcome, Ok(None))
        });
        if outcome.map_err(waiting())?.is_none() {
            let _ = kill_process_group(group, Signal::KILL);
            running.child.wait().map_err(waiting())?;
        }
        Ok(())
    }

    fn signal_tree(&mut self, signal: Signal) -> Result<()> {
        let pid = self
            .pid()
            .ok_or_else(|| Error::NotRunning(self.launch.name.clone()))?;
        process_tree::signal(pid, signal);
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Err(error) = self.kill() {
            eprintln!("{error}");
        }
    }
}
