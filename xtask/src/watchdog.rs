//! What must end when this process ends, even by `kill -9`.
//!
//! A watchdog is a small shell that waits on a pipe whose other end only this
//! process holds. A line means "not needed any more"; the end of the pipe means
//! that we are gone, and the shell cleans up. `PR_SET_PDEATHSIG` is no
//! substitute: it follows the *thread* that spawned, and a test's thread ends
//! long before its process.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Waits for the pipe; `exit` where a line came before its end. A terminal's
/// Ctrl-C is none of its business: the group of its own keeps it away.
const WAIT: &str = "trap '' HUP INT TERM; read -r _ && exit 0\n";

/// First the given signal, then a bounded wait, then SIGKILL. CONT, as a paused
/// process hears nothing but KILL.
const END_GROUP: &str = r#"
tell() { kill -s "$2" -- "-$1" 2>/dev/null; }
tell "$1" "$2"; tell "$1" CONT
i=0
while tell "$1" 0 && [ "$i" -lt 80 ]; do sleep 0.1; i=$((i + 1)); done
tell "$1" KILL
"#;

/// The servers of a directory end at the same moment as we do, and may still
/// write: hence several times.
const REMOVE: &str = r#"
i=0
while rm -rf -- "$1"; [ -e "$1" ] && [ "$i" -lt 10 ]; do sleep 1; i=$((i + 1)); done
"#;

/// A guard against an end of this process that runs no destructor. Dropping it
/// calls it off, so drop it after the thing that it guards has ended.
#[derive(Debug)]
pub struct Watchdog {
    shell: Child,
}

impl Watchdog {
    /// Ends the process group `pid` with `signal` (a name as `kill` takes it),
    /// and with SIGKILL when that is not enough within 8 s.
    ///
    /// # Errors
    /// When no `sh` can be started.
    pub fn ends_group(pid: u32, signal: &str) -> io::Result<Self> {
        Self::start(END_GROUP, &[pid.to_string().as_ref(), signal.as_ref()])
    }

    /// Removes a file, or a directory with all that lies in it.
    ///
    /// # Errors
    /// When no `sh` can be started.
    pub fn removes(path: &Path) -> io::Result<Self> {
        Self::start(REMOVE, &[path.as_os_str()])
    }

    fn start(action: &str, args: &[&OsStr]) -> io::Result<Self> {
        let shell = Command::new("sh")
            .arg("-c")
            .arg(format!("{WAIT}{action}"))
            .arg("watchdog")
            .args(args)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()?;
        Ok(Self { shell })
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        if let Some(mut pipe) = self.shell.stdin.take() {
            // Fails only where somebody killed the shell: then it is off too.
            let _ = pipe.write_all(b"off\n");
        }
        let _ = self.shell.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Deadline;
    use std::time::Duration;

    /// A process that ends with its test, also when that fails.
    struct Sleeper(Child);

    impl Sleeper {
        fn start() -> Self {
            let mut command = Command::new("sleep");
            command.arg("600").stdout(Stdio::null()).process_group(0);
            Self(command.spawn().expect("sleep starts"))
        }

        fn has_ended(&mut self) -> bool {
            self.0.try_wait().expect("can be waited for").is_some()
        }
    }

    impl Drop for Sleeper {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    #[test]
    fn ends_the_group_when_the_pipe_closes() {
        let mut sleeper = Sleeper::start();
        let mut dog = Watchdog::ends_group(sleeper.0.id(), "TERM").expect("sh starts");
        drop(dog.shell.stdin.take());
        let ended = Deadline::after(Duration::from_secs(5))
            .poll(Duration::from_millis(10), || sleeper.has_ended());
        assert!(ended, "the guarded process outlived the pipe");
    }

    #[test]
    fn does_nothing_once_called_off() {
        let mut sleeper = Sleeper::start();
        drop(Watchdog::ends_group(sleeper.0.id(), "TERM").expect("sh starts"));
        assert!(!sleeper.has_ended());
    }
}
