//! Runs a program to its end, and ends it when a signal asks us to stop.
//!
//! The program gets a process group of its own, with a watchdog, so that it and
//! what it starts end with us in every case.

use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use xtask::{Deadline, Watchdog};

use crate::failure::{Failure, Outcome};
use crate::interrupt::Interrupt;

const POLL: Duration = Duration::from_millis(50);
/// For cargo and the tests to end by themselves after SIGTERM.
const END_WITHIN: Duration = Duration::from_secs(5);

/// Runs `command`; its output goes where ours goes.
pub(crate) fn run(command: &mut Command, interrupt: &Interrupt) -> Outcome<ExitStatus> {
    let mut program = Program::start(command)?;
    program.wait(interrupt)
}

/// Runs `command`, passes its standard output on as it comes, and shows each
/// line of it to `see`.
pub(crate) fn run_seeing(
    command: &mut Command,
    interrupt: &Interrupt,
    mut see: impl FnMut(&str),
) -> Outcome<ExitStatus> {
    let mut program = Program::start(command.stdout(Stdio::piped()))?;
    let lines = program.child.stdout.take().map(lines_of);
    let status = loop {
        match lines.as_ref().map(|lines| lines.recv_timeout(POLL)) {
            Some(Ok(line)) => show(&line, &mut see),
            // The end of the output, or none at all: only the end is awaited.
            None | Some(Err(RecvTimeoutError::Disconnected)) => break program.wait(interrupt)?,
            Some(Err(RecvTimeoutError::Timeout)) => {
                interrupt.check()?;
                if let Some(status) = program.ended()? {
                    break status;
                }
            }
        }
    };
    // A stray grandchild may hold the pipe open: what is there is enough.
    for line in lines.iter().flat_map(Receiver::try_iter) {
        show(&line, &mut see);
    }
    Ok(status)
}

/// Fails with the command line, unless the program ended well.
pub(crate) fn must_succeed(command: &mut Command, interrupt: &Interrupt) -> Outcome<()> {
    let status = run(command, interrupt)?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::Chore(format!(
        "`{}` ended with {status}",
        spell(command)
    )))
}

/// A command as one would type it.
pub(crate) fn spell(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    let words = std::iter::once(name).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}

struct Program {
    name: String,
    child: Child,
    _watchdog: Watchdog,
}

impl Program {
    fn start(command: &mut Command) -> Outcome<Self> {
        let name = spell(command);
        let child = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(Failure::doing(format!("start `{name}`")))?;
        let watchdog =
            Watchdog::ends_group(child.id(), "TERM").map_err(Failure::doing("start `sh`"))?;
        Ok(Self {
            name,
            child,
            _watchdog: watchdog,
        })
    }

    fn ended(&mut self) -> Outcome<Option<ExitStatus>> {
        self.child
            .try_wait()
            .map_err(Failure::doing(format!("wait for `{}`", self.name)))
    }

    fn wait(&mut self, interrupt: &Interrupt) -> Outcome<ExitStatus> {
        loop {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            interrupt.check()?;
            thread::sleep(POLL);
        }
    }
}

impl Drop for Program {
    /// Ends what still runs: after an interruption, or a panic.
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        let group = Pid::from_child(&self.child);
        let _ = kill_process_group(group, Signal::TERM);
        let ended =
            Deadline::after(END_WITHIN).poll(POLL, || !matches!(self.child.try_wait(), Ok(None)));
        if !ended {
            let _ = kill_process_group(group, Signal::KILL);
            let _ = self.child.wait();
        }
    }
}

fn lines_of(output: ChildStdout) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut output = BufReader::new(output);
        let mut line = Vec::new();
        while output
            .read_until(b'\n', &mut line)
            .is_ok_and(|read| read > 0)
        {
            if sender.send(std::mem::take(&mut line)).is_err() {
                break;
            }
        }
    });
    receiver
}

fn show(line: &[u8], see: &mut impl FnMut(&str)) {
    let mut out = io::stdout().lock();
    // With nobody to read it, the verdict still goes by the exit code.
    let _ = out.write_all(line).and_then(|()| out.flush());
    see(String::from_utf8_lossy(line).trim_end());
}
