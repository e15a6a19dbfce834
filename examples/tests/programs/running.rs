//! A service of an example that runs, and is killed with its test.

use std::io::{BufRead, BufReader, Lines};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, Stdio};

pub(crate) struct Running {
    pub(crate) service: Child,
    pub(crate) address: SocketAddr,
    /// What it prints after its address; its end of the pipe is open as long.
    #[cfg_attr(not(feature = "admin"), allow(dead_code, reason = "nobody reads on"))]
    pub(crate) lines: Lines<BufReader<ChildStdout>>,
}

impl Running {
    /// Starts it on a free port; its first line says where, with `path` at its end.
    pub(crate) fn start(mut command: Command, path: &str) -> Self {
        command.args(["--listen", "127.0.0.1:0"]);
        let mut service = command
            .stdout(Stdio::piped())
            .spawn()
            .expect("a program that starts");
        let output = service.stdout.take().expect("a pipe");
        let mut lines = BufReader::new(output).lines();
        let line = lines.next().expect("a line").expect("text");
        let address = line.strip_prefix("listening on http://");
        let address = address.and_then(|address| address.strip_suffix(path));
        let Some(address) = address.and_then(|address| address.parse().ok()) else {
            let _ = service.kill();
            panic!("{line:?} tells no address");
        };
        Self {
            service,
            address,
            lines,
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Gone already where the test went well.
        let _ = self.service.kill();
        let _ = self.service.wait();
    }
}
