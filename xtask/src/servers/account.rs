//! As whom a server runs: PostgreSQL and MariaDB refuse root, so root hands
//! them to an account without rights. Anyone else runs them as themselves.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use super::{Error, Result};

/// An account to give a server's process and directory to.
#[derive(Clone, Debug)]
pub(super) struct Account {
    uid: u32,
    gid: u32,
}

impl Account {
    /// The account `preferred` (its package makes it), else `nobody`; none
    /// where this process is not root and so cannot change.
    pub(super) fn for_server(preferred: &str) -> Result<Option<Self>> {
        if !rustix::process::geteuid().is_root() {
            return Ok(None);
        }
        let passwd = fs::read_to_string("/etc/passwd").map_err(Error::io("read /etc/passwd"))?;
        Ok(find(&passwd, preferred).or_else(|| find(&passwd, "nobody")))
    }

    /// Lets `command` run as this account, without root's groups.
    pub(super) fn adopt(&self, command: &mut Command) {
        // The standard library drops the supplementary groups with the uid.
        command.uid(self.uid).gid(self.gid);
    }

    /// Gives `path` to this account.
    pub(super) fn own(&self, path: &Path) -> Result<()> {
        std::os::unix::fs::chown(path, Some(self.uid), Some(self.gid))
            .map_err(Error::io(format!("give away {}", path.display())))
    }
}

fn find(passwd: &str, name: &str) -> Option<Account> {
    let line = passwd
        .lines()
        .find(|line| line.split(':').next() == Some(name))?;
    let mut ids = line.split(':').skip(2);
    Some(Account {
        uid: ids.next()?.parse().ok()?,
        gid: ids.next()?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_an_account_by_its_whole_name() {
        let passwd = "my:x:7:8::/:/bin/sh\nmysql:x:103:112:MySQL:/nonexistent:/bin/false\n";
        let mysql = find(passwd, "mysql").expect("is listed");
        assert_eq!((mysql.uid, mysql.gid), (103, 112));
        assert!(find(passwd, "mysq").is_none());
    }
}
