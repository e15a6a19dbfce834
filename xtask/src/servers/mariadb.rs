//! A private MariaDB, with one user of all rights over TCP.

use std::io::Read;
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;

use super::account::Account;
use super::launch::Launch;
use super::process::Process;
use super::programs::find;
use super::{Kind, Result, Server, data, ports, secret};

const PACKAGE: &str = Kind::MariaDb.package();
const SERVER: [&str; 2] = ["mariadbd", "mysqld"];
const INSTALLER: [&str; 2] = ["mariadb-install-db", "mysql_install_db"];

/// A running MariaDB.
pub struct MariaDb {
    process: Process,
    port: u16,
    password: String,
}

impl MariaDb {
    /// Lays a new data directory in `dir`, which must not exist yet, and starts
    /// a server on it.
    ///
    /// # Errors
    /// When MariaDB is not installed, or does not start.
    pub fn start(dir: &Path) -> Result<Self> {
        let program = find(&SERVER, PACKAGE)?;
        let account = Account::for_server("mysql")?;
        let password = secret::hex(16)?;
        data::create(dir, account.as_ref())?;
        let mut installer = Command::new(find(&INSTALLER, PACKAGE)?);
        installer
            .args(["--no-defaults", "--skip-test-db", "--skip-name-resolve"])
            .arg(format!("--datadir={}", dir.join("data").display()))
            .arg(temporary(dir));
        data::lay(installer, "mariadb-install-db", dir, account.as_ref())?;
        // The server runs this at every start, so each line can be repeated.
        data::write(
            &dir.join("init.sql"),
            &first_sql(&password),
            account.as_ref(),
        )?;
        let (process, port) = ports::on_free(|port| {
            let process = Process::start(Launch {
                name: format!("MariaDB on port {port}"),
                program: program.clone(),
                args: arguments(dir, port),
                dir: dir.to_owned(),
                account: account.clone(),
                abrupt: Signal::KILL,
                ready: Box::new(move || greets(port)),
            })?;
            Ok((process, port))
        })?;
        Ok(Self {
            process,
            port,
            password,
        })
    }
}

impl Server for MariaDb {
    fn url(&self) -> String {
        let Self { port, password, .. } = self;
        format!("mysql://idempotent:{password}@127.0.0.1:{port}/idempotent")
    }

    fn process(&mut self) -> &mut Process {
        &mut self.process
    }
}

/// Looks whether the programs are installed.
pub(super) fn look() -> Result<()> {
    find(&SERVER, PACKAGE)?;
    find(&INSTALLER, PACKAGE).map(|_| ())
}

/// One statement a line, as `init_file` wants it.
fn first_sql(password: &str) -> String {
    format!(
        "CREATE DATABASE IF NOT EXISTS idempotent CHARACTER SET utf8mb4;\n\
         CREATE USER IF NOT EXISTS idempotent@'127.0.0.1' IDENTIFIED BY '{password}';\n\
         GRANT ALL ON *.* TO idempotent@'127.0.0.1' WITH GRANT OPTION;\n"
    )
}

fn arguments(dir: &Path, port: u16) -> Vec<String> {
    let inside = |name: &str| dir.join(name).display().to_string();
    vec![
        "--no-defaults".to_owned(),
        format!("--datadir={}", inside("data")),
        temporary(dir),
        format!("--init-file={}", inside("init.sql")),
        format!("--socket={}", inside("socket")),
        format!("--pid-file={}", inside("mariadb.pid")),
        format!("--port={port}"),
        "--bind-address=127.0.0.1".to_owned(),
        "--skip-name-resolve".to_owned(),
        // Every test has a pool of its own, and they run side by side.
        "--max-connections=500".to_owned(),
    ]
}

/// A server that starts deletes temporary tables where its own would lie, also
/// those of another one that is running.
fn temporary(dir: &Path) -> String {
    format!("--tmpdir={}", dir.display())
}

/// Whether the server sends its greeting (version 10). The kernel accepts
/// connections before that, while the server still recovers.
fn greets(port: u16) -> bool {
    let greeting = || -> std::io::Result<u8> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_read_timeout(Some(Duration::from_millis(500)))?;
        let mut head = [0; 5];
        stream.read_exact(&mut head)?;
        Ok(head[4])
    };
    greeting().is_ok_and(|version| version == 10)
}
