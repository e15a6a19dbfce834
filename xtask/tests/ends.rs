//! However `cargo xtask servers` ends, nothing of it is left.

#![cfg(feature = "redis")]

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use xtask::Deadline;

/// For a command: says where the servers live, as xtask itself does.
const SAY: &str = "echo \"export IDEMPOTENT_TEST_SERVERS_DIR='$IDEMPOTENT_TEST_SERVERS_DIR'\"";

/// A running `cargo xtask servers`, and what it said about itself.
struct Servers {
    child: Child,
    output: BufReader<ChildStdout>,
    directory: PathBuf,
    /// The server's process id.
    server: String,
}

impl Servers {
    fn start(command: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["servers", "--only", "redis"])
            .args(command)
            .stdout(Stdio::piped())
            .spawn()
            .expect("xtask starts");
        let output = child.stdout.take().expect("is piped");
        let mut output = BufReader::new(output);
        let directory = output
            .by_ref()
            .lines()
            .map(|line| line.expect("is text"))
            .find_map(|line| {
                let path = line.strip_prefix("export IDEMPOTENT_TEST_SERVERS_DIR='")?;
                Some(PathBuf::from(path.trim_end_matches('\'')))
            })
            .expect("says where the servers live");
        let server = std::fs::read_to_string(directory.join("redis/pid")).expect("runs");
        Self {
            child,
            output,
            directory,
            server,
        }
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("it runs");
    }

    /// The exit code, once neither a process nor a file is left.
    fn end(mut self) -> Option<i32> {
        let status = self.child.wait().expect("is ours to wait for");
        let server = format!("/proc/{}/stat", self.server);
        // A dead server that nobody has waited for yet is dead all the same.
        let is_gone =
            || std::fs::read_to_string(&server).map_or(true, |stat| stat.contains(") Z "));
        let gone = Deadline::after(Duration::from_secs(20)).poll(Duration::from_millis(50), || {
            is_gone() && !Path::new(&self.directory).exists()
        });
        assert!(
            gone,
            "left behind: {} or {}",
            self.directory.display(),
            self.server
        );
        status.code()
    }
}

#[test]
fn nothing_is_left_after_ctrl_c() {
    let servers = Servers::start(&[]);
    servers.signal(Signal::INT);
    assert_eq!(servers.end(), Some(0));
}

#[test]
fn nothing_is_left_after_sigterm() {
    let servers = Servers::start(&[]);
    servers.signal(Signal::TERM);
    assert_eq!(servers.end(), Some(0));
}

#[test]
fn nothing_is_left_after_kill_9() {
    let servers = Servers::start(&[]);
    servers.signal(Signal::KILL);
    assert_eq!(servers.end(), None);
}

#[test]
fn nothing_is_left_after_a_failed_command() {
    let servers = Servers::start(&["--", "sh", "-c", &format!("{SAY}; exit 3")]);
    assert_eq!(servers.end(), Some(1));
}

#[test]
fn a_command_ends_with_its_servers() {
    let mut servers = Servers::start(&["--", "sh", "-c", &format!("{SAY}; echo $$; sleep 600")]);
    let mut command = String::new();
    servers
        .output
        .read_line(&mut command)
        .expect("says its process id");
    servers.signal(Signal::TERM);
    assert_eq!(servers.end(), Some(128 + 15));
    assert!(!Path::new("/proc").join(command.trim()).exists());
}
