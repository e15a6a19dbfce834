//! The demo's service as a process of its own: fresh for each seed, and killed at the
//! end.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use clap::ValueEnum as _;

use super::Flaw;

/// A process that serves until this is dropped.
pub(crate) struct Own {
    child: Child,
    url: String,
}

impl Own {
    /// Starts this very program as the service, at a port that the system chooses.
    pub(crate) fn start(flaw: Option<Flaw>) -> Result<Self, String> {
        let fail = |e: std::io::Error| format!("the service's own process: {e}");
        let mut command = Command::new(std::env::current_exe().map_err(fail)?);
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        if let Some(value) = flaw.and_then(|f| f.to_possible_value()) {
            command.args(["--flaw", value.get_name()]);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut own = Self {
            child: command.spawn().map_err(fail)?,
            url: String::new(),
        };
        let mut line = String::new();
        if let Some(out) = own.child.stdout.take() {
            BufReader::new(out).read_line(&mut line).map_err(fail)?;
        }
        let url = line.trim_end().strip_prefix("listening on ");
        let url = url.ok_or_else(|| format!("the service's own process said `{line}`"))?;
        url.clone_into(&mut own.url);
        Ok(own)
    }

    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
