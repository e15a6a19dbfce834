//! The payments program, as a process of its own on a free port. It never
//! outlives its value, nor this process.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use tokio::task::block_in_place;
use xtask::Watchdog;

/// A running instance.
pub(crate) struct Instance {
    pub(crate) address: SocketAddr,
    process: Child,
    output: BufReader<ChildStdout>,
    _watchdog: Watchdog,
}

/// The program with its flags; cargo builds it for this test, with the stores
/// under test.
fn program(store: &str) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_payments"));
    program.args(["--listen", "127.0.0.1:0", "--store", store]);
    program.stdin(Stdio::null());
    program
}

/// What it says where it does not start.
pub(crate) fn refused(store: &str) -> Output {
    block_in_place(|| program(store).output().expect("a program that starts"))
}

impl Instance {
    /// Starts one, and waits until it serves.
    pub(crate) fn start(store: &str, lease: &str) -> Self {
        Self::with(store, &["--lease", lease])
    }

    fn with(store: &str, flags: &[&str]) -> Self {
        let mut program = program(store);
        program.args(flags);
        Self::of(program)
    }

    /// Starts a program that says where it listens, and waits until it serves.
    pub(crate) fn of(program: Command) -> Self {
        block_in_place(|| Self::start_blocking(program))
    }

    fn start_blocking(mut program: Command) -> Self {
        // A group of its own, for the watchdog.
        program.stdout(Stdio::piped()).process_group(0);
        let mut process = program.spawn().expect("a program that starts");
        let watchdog = Watchdog::ends_group(process.id(), "KILL").expect("a shell");
        let mut output = BufReader::new(process.stdout.take().expect("a pipe"));
        let line = line(&mut output);
        let address = line.strip_prefix("listening on http://").map(str::trim_end);
        let address = address.and_then(|address| address.parse().ok());
        Self {
            address: address.unwrap_or_else(|| panic!("{line:?} tells no address")),
            process,
            output,
            _watchdog: watchdog,
        }
    }

    /// What it says next.
    pub(crate) fn says(&mut self) -> String {
        block_in_place(|| line(&mut self.output))
    }

    /// `kill -9`; nothing of it runs any more then.
    pub(crate) fn kill(&mut self) {
        block_in_place(|| {
            self.process.kill().expect("a process to kill");
            self.process.wait().expect("its end");
        });
    }

    /// Stops it in its tracks: connections stay open, nobody answers.
    pub(crate) fn pause(&self) {
        self.signal("STOP");
    }

    /// Lets it go on.
    pub(crate) fn resume(&self) {
        self.signal("CONT");
    }

    fn signal(&self, signal: &str) {
        let tell = format!("kill -s {signal} {}", self.process.id());
        let told = block_in_place(|| Command::new("sh").args(["-c", &tell]).status());
        assert!(told.expect("a shell").success(), "{tell}");
    }
}

fn line(output: &mut impl BufRead) -> String {
    let mut line = String::new();
    output.read_line(&mut line).expect("a line");
    line
}

impl Drop for Instance {
    fn drop(&mut self) {
        // Gone already where it was killed.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Two instances over one database.
pub(crate) struct Pair {
    store: String,
    flags: Vec<&'static str>,
    pub(crate) instances: [Instance; 2],
}

impl Pair {
    pub(crate) fn start(store: &str, lease: &'static str) -> Self {
        Self::with(store, vec!["--lease", lease])
    }

    /// Whose effects and answers share a commit.
    pub(crate) fn transactional(store: &str, lease: &'static str) -> Self {
        Self::with(store, vec!["--lease", lease, "--mode", "transactional"])
    }

    fn with(store: &str, flags: Vec<&'static str>) -> Self {
        Self {
            store: store.to_owned(),
            instances: [0, 1].map(|_| Instance::with(store, &flags)),
            flags,
        }
    }

    pub(crate) fn addresses(&self) -> [SocketAddr; 2] {
        [0, 1].map(|side| self.instances[side].address)
    }

    /// A new process in the place of one that was killed, on another port.
    pub(crate) fn replace(&mut self, side: usize) {
        self.instances[side] = Instance::with(&self.store, &self.flags);
    }
}
