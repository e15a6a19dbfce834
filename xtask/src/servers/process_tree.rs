//! A process and all below it. PostgreSQL's backends are sessions of their own,
//! so that a signal to the group would stop only their parent.

use std::fs;

use rustix::process::{Pid, Signal, kill_process};

/// Signals `root`, then looks for its descendants and signals them. With STOP
/// the order matters: a stopped parent starts no more children.
pub(super) fn signal(root: u32, signal: Signal) {
    let send = |pid: u32| {
        if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
            // One that has just ended needs no signal.
            let _ = kill_process(pid, signal);
        }
    };
    send(root);
    with_descendants(root).into_iter().skip(1).for_each(send);
}

fn with_descendants(root: u32) -> Vec<u32> {
    let parents: Vec<(u32, u32)> = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let pid: u32 = entry.ok()?.file_name().to_str()?.parse().ok()?;
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
            Some((pid, parent(&stat)?))
        })
        .collect();
    let mut found = vec![root];
    let mut next = 0;
    while let Some(&ancestor) = found.get(next) {
        found.extend(
            parents
                .iter()
                .filter(|(_, p)| *p == ancestor)
                .map(|(pid, _)| pid),
        );
        next += 1;
    }
    found
}

/// The parent in a line of `/proc/PID/stat`: `pid (name) state parent …`, where
/// the name may hold blanks and parentheses.
fn parent(stat: &str) -> Option<u32> {
    stat.rsplit_once(')')?
        .1
        .split_whitespace()
        .nth(1)?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Deadline;
    use std::process::{Command, Stdio};
    use std::time::Duration;

    #[test]
    fn reads_the_parent_behind_an_awkward_name() {
        assert_eq!(parent("41 (a) S (b) R 17 41 41 0 -1"), Some(17));
        assert_eq!(parent("no stat"), None);
    }

    #[test]
    fn pauses_grandchildren_too() {
        let mut shell = Command::new("sh")
            .args(["-c", "sleep 600 & wait"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("sh starts");
        let bound = Duration::from_secs(5);
        let every = Duration::from_millis(10);
        let started =
            Deadline::after(bound).poll(every, || with_descendants(shell.id()).len() == 2);
        signal(shell.id(), Signal::STOP);
        let tree = with_descendants(shell.id());
        let paused =
            Deadline::after(bound).poll(every, || tree.iter().all(|pid| state(*pid) == Some('T')));
        tree.iter().rev().for_each(|pid| signal(*pid, Signal::KILL));
        shell.wait().expect("is ours to wait for");
        assert!(started && paused, "{tree:?}");
    }

    fn state(pid: u32) -> Option<char> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        stat.rsplit_once(") ")?.1.chars().next()
    }
}
